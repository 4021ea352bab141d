package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.SamplePages;
import io.github.tmem.kit.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The part of {@link PoolContract} about keys, bytes and buffers. */
abstract class PoolPagesContract extends PoolFixture {

    private static final long[] INDEXES = {
        0, 1, -1, 63, 64, (1L << 32) - 1, 1L << 32, (1L << 32) + 1, Long.MIN_VALUE, Long.MAX_VALUE
    };

    @Test
    void indexesAreNeverTruncated() {
        for (int i = 0; i < INDEXES.length; i++) {
            put(key(INDEXES[i]), i);
        }
        assertThat(pool().pageCount()).isEqualTo(INDEXES.length);
        for (int i = 0; i < INDEXES.length; i++) {
            assertHit(key(INDEXES[i]), i);
        }
    }

    @Test
    void objectIdsAreNeverTruncated() {
        List<ObjectId> objects = new ArrayList<>();
        long[] words = {0, 1, -1, 1L << 32, Long.MIN_VALUE};
        for (long high : words) {
            for (long middle : words) {
                for (long low : words) {
                    objects.add(ObjectId.of(high, middle, low));
                }
            }
        }
        objects.add(ObjectId.of(new UUID(3, 4)));
        for (int i = 0; i < objects.size(); i++) {
            put(new PageKey(objects.get(i), 0), i);
        }
        assertThat(pool().flushObject(ObjectId.of(-1, -1, -1))).isEqualTo(1);
        assertMiss(new PageKey(ObjectId.of(-1, -1, -1), 0));
        objects.removeIf(object -> object.equals(ObjectId.of(-1, -1, -1)));
        assertThat(pool().pageCount()).isEqualTo(objects.size());
        for (ObjectId object : objects) {
            assertThat(pool().flush(object, 0)).isTrue();
        }
    }

    @Test
    void pagesOfAnySizeAndShapeComeBack() {
        for (int size = PoolConfig.PAGE_SIZE_MIN; size <= PoolConfig.PAGE_SIZE_MAX; size *= 2) {
            PagePool sized = open(settings("size-" + size).withPageSize(size));
            for (long version = 0; version < 3; version++) {
                put(sized, key(version), version);
            }
            for (long version = 0; version < 3; version++) {
                assertHit(sized, key(version), version);
            }
            sized.close();
        }
    }

    @Test
    void realPagesComeBack() {
        List<byte[]> samples = SamplePages.mixed(PAGE, 300);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(pool().put(FILE, i, samples.get(i)).stored()).isTrue();
        }
        byte[] read = new byte[PAGE];
        for (int i = 0; i < samples.size(); i++) {
            assertThat(pool().get(FILE, i, read)).isTrue();
            assertThat(read).isEqualTo(samples.get(i));
        }
    }

    @Test
    void sameFilledPagesTakeNoRoom() {
        long[] words = {0, -1, 0x0101010101010101L, 0x0123456789abcdefL};
        for (int i = 0; i < words.length; i++) {
            PutResult result = pool().put(FILE, i, Pages.filled(words[i], PAGE));
            assertThat(result.tier()).isEqualTo("directory");
        }
        assertThat(pool().stats().sameFilled()).isEqualTo(words.length);
        assertThat(store().stats().tiers()).allMatch(tier -> tier.usedBytes() == 0);
        byte[] read = new byte[PAGE];
        for (int i = 0; i < words.length; i++) {
            assertThat(pool().get(FILE, i, read)).isTrue();
            assertThat(read).isEqualTo(Pages.filled(words[i], PAGE));
        }
    }

    @Test
    void aPageThatIsAlmostSameFilledIsKeptWhole() {
        for (int at : new int[] {0, 7, 8, PAGE / 2, PAGE - 1}) {
            byte[] page = new byte[PAGE];
            page[at] = 1;
            pool().put(FILE, at, page);
            byte[] read = new byte[PAGE];
            assertThat(pool().get(FILE, at, read)).isTrue();
            assertThat(read).isEqualTo(page);
        }
    }

    @Test
    void shapesReplaceEachOther() {
        for (int version = 0; version < 30; version++) {
            put(key(1), (version * 7L) % 30);
            if (version % 3 == 0) {
                assertHit(key(1), (version * 7L) % 30);
            }
        }
    }

    @Test
    void segmentsOfAnySortAreTakenAndFilled() {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> segments = List.of(
                    MemorySegment.ofArray(new byte[PAGE]),
                    MemorySegment.ofArray(new byte[PAGE + 8]).asSlice(3, PAGE),
                    MemorySegment.ofArray(new long[PAGE / 8]),
                    arena.allocate(PAGE),
                    arena.allocate(PAGE + 8).asSlice(5, PAGE));
            long version = 0;
            for (MemorySegment source : segments) {
                for (MemorySegment destination : segments) {
                    byte[] page = Pages.make(key(1), ++version, Shape.at(version), PAGE);
                    source.copyFrom(MemorySegment.ofArray(page));
                    assertThat(pool().put(FILE, 1, source.asReadOnly()).stored())
                            .isTrue();
                    source.fill(GUARD);
                    assertThat(pool().get(FILE, 1, destination)).isTrue();
                    assertThat(destination.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(page);
                }
            }
        }
    }

    @Test
    void buffersKeepTheirPositions() {
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(PAGE + 20), ByteBuffer.allocateDirect(PAGE + 20))) {
            byte[] page = Pages.make(key(1), 1, Shape.COMPRESSIBLE, PAGE);
            buffer.put(7, page).position(7).limit(7 + PAGE);
            assertThat(pool().put(FILE, 1, buffer).stored()).isTrue();
            buffer.clear().put(guarded(PAGE + 20)).position(13).limit(13 + PAGE);
            assertThat(pool().get(FILE, 1, buffer)).isTrue();
            assertThat(buffer.position()).isEqualTo(13);
            assertThat(buffer.limit()).isEqualTo(13 + PAGE);
            byte[] all = new byte[PAGE + 20];
            buffer.clear().get(all);
            byte[] expected = guarded(PAGE + 20);
            System.arraycopy(page, 0, expected, 13, PAGE);
            assertThat(all).isEqualTo(expected);
        }
    }

    @Test
    void theCallersBuffersAreTheCallersAfterwards() {
        byte[] page = Pages.make(key(1), 1, Shape.INCOMPRESSIBLE, PAGE);
        pool().put(FILE, 1, page);
        page[100] ^= 1;
        byte[] read = new byte[PAGE];
        assertThat(pool().get(FILE, 1, read)).isTrue();
        assertThat(Pages.version(key(1), read)).isEqualTo(1);
        read[100] ^= 1;
        if (!exclusive()) {
            assertHit(key(1), 1);
        }
    }

    @Test
    void wrongSizesChangeNothing() {
        put(key(1), 1);
        for (int size : new int[] {0, 1, PAGE - 1, PAGE + 1, 2 * PAGE}) {
            byte[] wrong = guarded(size);
            MemorySegment segment = MemorySegment.ofArray(wrong);
            List<ThrowingCallable> calls = List.of(
                    () -> pool().put(FILE, 1, wrong),
                    () -> pool().put(FILE, 1, ByteBuffer.wrap(wrong)),
                    () -> pool().get(FILE, 1, wrong),
                    () -> pool().get(FILE, 1, ByteBuffer.wrap(wrong)),
                    () -> pool().putAll(FILE, new long[] {1}, segment),
                    () -> pool().getAll(FILE, new long[] {1}, segment),
                    () -> pool().putAll(FILE, new long[] {1, 2, 3}, segment));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(wrong).isEqualTo(guarded(size));
        }
        assertThat(pool().stats().stored()).isEqualTo(1);
        assertThat(pool().stats().hits() + pool().stats().misses()).isZero();
        assertHit(key(1), 1);
    }

    @Test
    void readOnlyDestinationsChangeNothing() {
        put(key(1), 1);
        MemorySegment readOnly = MemorySegment.ofArray(new byte[PAGE]).asReadOnly();
        assertThatThrownBy(() -> pool().get(FILE, 1, readOnly)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool().get(FILE, 1, ByteBuffer.allocate(PAGE).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool().getAll(FILE, new long[] {1}, readOnly))
                .isInstanceOf(IllegalArgumentException.class);
        assertHit(key(1), 1);
    }
}
