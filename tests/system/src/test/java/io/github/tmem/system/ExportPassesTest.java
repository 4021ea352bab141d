package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a later pass of an export has: all that changed since the one before, however and whenever it changed. */
class ExportPassesTest {
    private static final ObjectId FILE = Exports.FILE;
    private static final ObjectId OTHER = ObjectId.of(-1, 2, Long.MIN_VALUE);
    private static final int PAGE = Stage.PAGE;

    /** More notes than a journal takes. */
    private static final int TOO_MANY = (1 << 20) + 1;

    private static byte[] page(long index, long version) {
        return Stage.page(FILE, index, version);
    }

    /** A way to change a page that is there (2 and 4), or to bring one (6). */
    record Change(String name, Consumer<PagePool> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Change> changes() {
        return Stream.concat(puts(), ends());
    }

    private static Stream<Change> changesInSlowTiers() {
        List<String> names = List.of("putAll", "putAsync", "take all", "take async");
        return changes().filter(change -> names.contains(change.name));
    }

    private static Stream<Change> puts() {
        return Stream.of(
                new Change("put", pool -> pool.put(FILE, 2, page(2, 9))),
                new Change("put of a buffer", pool -> pool.put(FILE, 6, ByteBuffer.wrap(page(6, 9)))),
                new Change("put of native memory", pool -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment memory = arena.allocate(PAGE);
                        memory.copyFrom(MemorySegment.ofArray(page(6, 9)));
                        pool.put(FILE, 6, memory);
                    }
                }),
                new Change("putAll", pool -> pool.putAll(FILE, new long[] {2, 2}, MemorySegment.ofArray(two(8, 9)))),
                new Change(
                        "putAsync",
                        pool -> join(pool.async()
                                .putAsync(FILE, 6, MemorySegment.ofArray(page(6, 9)))
                                .toCompletableFuture())),
                new Change("fill", pool -> pool.put(FILE, 6, page(6, 9), pool.fillToken(FILE, 6))),
                new Change(
                        "getOrFill", pool -> pool.getOrFill(FILE, 6, new byte[PAGE], buffer -> buffer.fill((byte) 0))),
                new Change("refused put", pool -> {
                    pool.transfer().freeze();
                    pool.put(FILE, 2, page(2, 9));
                }));
    }

    private static Stream<Change> ends() {
        return Stream.of(
                new Change("take", pool -> pool.get(FILE, 2, new byte[PAGE])),
                new Change("take into a segment", pool -> pool.get(FILE, 2, ByteBuffer.allocate(PAGE))),
                new Change(
                        "take all",
                        pool -> pool.getAll(FILE, new long[] {2, 4}, MemorySegment.ofArray(new byte[2 * PAGE]))),
                new Change(
                        "take async",
                        pool -> join(pool.async()
                                .getAsync(FILE, 2, MemorySegment.ofArray(new byte[PAGE]))
                                .toCompletableFuture())),
                new Change("shrink", pool -> ((PersistentPool) pool).shrink(MemorySegment.ofArray(new byte[PAGE]))),
                new Change("flush", pool -> pool.flush(FILE, 2)),
                new Change("flush, put", pool -> {
                    pool.flush(FILE, 2);
                    pool.put(FILE, 4, page(4, 9));
                }),
                new Change("flush of the object", pool -> pool.flushObject(FILE)),
                new Change("flush of the object, put", pool -> {
                    pool.flushObject(FILE);
                    pool.put(FILE, 2, page(2, 9));
                }),
                new Change("put, flush of the object", pool -> {
                    pool.put(FILE, 2, page(2, 9));
                    pool.flushObject(FILE);
                }));
    }

    private static byte[] two(long first, long second) {
        return ByteBuffer.allocate(2 * PAGE)
                .put(page(2, first))
                .put(page(2, second))
                .array();
    }

    private static void assertLater(Change change, Stage stage) {
        PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
        stage.put(pool, FILE, 2, 1);
        stage.put(pool, FILE, 4, 1);
        try (PoolExport export = pool.transfer().export();
                PageStore store = Exports.another()) {
            byte[] first = Exports.write(export);
            change.change.accept(pool);
            byte[] second = Exports.write(export);
            assertThat(second.length).as("changes only").isLessThan(first.length);
            PersistentPool copy = store.persistent("moved", GetMode.EXCLUSIVE);
            Exports.restore(copy, first);
            Exports.restore(copy, second);
            for (int index = 0; index < 8; index++) {
                byte[] expected = new byte[PAGE];
                byte[] found = new byte[PAGE];
                assertThat(copy.get(FILE, index, found)).isEqualTo(pool.get(FILE, index, expected));
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aLaterPassHasWhatChanged(Change change) {
        try (Stage stage = Stage.of(8)) {
            assertLater(change, stage);
        }
    }

    @ParameterizedTest
    @MethodSource("changesInSlowTiers")
    void aLaterPassHasWhatChangedInSlowTiers(Change change) {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            assertLater(change, stage);
        }
    }

    @Test
    void passesMayFollowEachOtherInOneStreamAndChangesAloneAreSmall() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export();
                    PageStore store = Exports.another()) {
                byte[] first = Exports.write(export);
                byte[] nothing = Exports.write(export);
                pool.flush(FILE, 1);
                byte[] last = Exports.write(export);
                assertThat(nothing).hasSizeLessThan(100);
                PersistentPool copy = store.persistent("moved");
                assertThat(Exports.restore(copy, first, nothing, last)).isEqualTo(new Transferred(2, 1));
                assertThat(Exports.versions(copy)).containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
            }
        }
    }

    /** The flush takes effect, then a put; the put is noted and written before the flush is noted. */
    @Test
    void aFlushOfAnObjectThatIsNotedLateEndsNoPageThatCameAfterIt() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = Exports.write(export);
                stage.tier(0).gate().shutForOne("flush");
                CompletableFuture<Long> flushing = start(() -> pool.flushObject(FILE));
                stage.tier(0).gate().awaitArrival("flush");
                stage.put(pool, FILE, 0, 2);
                byte[] second = Exports.write(export);
                stage.tier(0).gate().open("flush");
                join(flushing);
                byte[] third = Exports.write(export);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), first, second, third))
                        .startsWith(2L, 0L);
            }
        }
    }

    @Test
    void anOperationThatBeganBeforeTheExportIsNotMissed() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = Exports.write(export);
                stage.tier(0).gate().open("put-done");
                assertThat(join(putting)).isTrue();
                byte[] second = Exports.write(export);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), first))
                        .startsWith(1L);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), first, second))
                        .startsWith(2L);
            }
        }
    }

    /** The page goes from a late entry, which the scan has not come to, to an early one, which it has passed. */
    @Test
    void aPageThatGetsAnotherEntryUnderTheScanIsNotMissed() {
        try (Stage stage = Stage.of(200)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 150; index++) {
                stage.put(pool, OTHER, index, 1);
            }
            pool.flush(OTHER, 0);
            pool.flush(OTHER, 149); // its entry is taken first
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<Boolean> first = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put");
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> second = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            stage.tier(0).gate().open("put");
            assertThat(join(first)).isTrue();
            ByteArrayOutputStream pass = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int offset, int length) {
                    if (length > PAGE && !second.isDone()) {
                        stage.tier(0).gate().open("put-done");
                        join(second);
                    }
                    super.write(bytes, offset, length);
                }
            };
            try (PoolExport export = pool.transfer().export()) {
                export.write(pass);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(second).isDone();
            assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), pass.toByteArray()))
                    .startsWith(2L);
        }
    }

    @Test
    void afterTooManyChangesEverythingIsWrittenAgain() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = Exports.write(export);
                pool.flush(FILE, 0);
                for (int i = 0; i < TOO_MANY; i++) {
                    pool.flush(OTHER, i);
                }
                byte[] second = Exports.write(export);
                byte[] third = Exports.write(export);
                assertThat(second).hasSizeBetween(PAGE, 2 * PAGE);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), first, second, third))
                        .startsWith(0L, 1L);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), second))
                        .startsWith(0L, 1L);
            }
        }
    }
}
