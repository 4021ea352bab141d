package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads of memory that is given back, or that cannot be written: they do no harm. */
class SlabReleaseTest extends ResizedSlabs {
    SlabReleaseTest(Supplier<Medium> medium) {
        super(medium);
    }

    @Test
    void readsOfReleasedMemoryDoNoHarm() {
        long chain = book.put(PageKind.EPHEMERAL, 100_000);
        book.fill(PageKind.EPHEMERAL, 4000);
        List<CopyBook.Copy> copies = book.all();
        book.flushAtRandom(new Random(0), 100);
        backend.resize(64 << 10);
        MemorySegment destination = MemorySegment.ofArray(new byte[100_000]);
        for (CopyBook.Copy copy : copies) {
            assertThat(backend.get(copy.locator(), destination, copy.length())).isEqualTo(Outcome.GONE);
        }
        backend.resize(700_000); // the second region is a short one now
        book.fill(PageKind.EPHEMERAL, 4096);
        for (CopyBook.Copy copy : copies) {
            assertThat(backend.get(copy.locator(), destination, copy.length())).isIn(copy.length(), Outcome.GONE);
        }
        assertThat(backend.get(chain, destination, 100_000)).isIn(100_000, Outcome.GONE);
    }

    @Test
    void tagsGoWithTheMemoryOfTheirSlots() {
        book.fill(PageKind.EPHEMERAL, 100);
        long full = backend.copies().pool().table().tags().bytes();
        book.flushAtRandom(new Random(0), 100);
        backend.resize(64 << 10);
        assertThat(backend.allocatedBytes()).isLessThanOrEqualTo(REGION);
        assertThat(backend.copies().pool().table().tags().bytes()).isLessThan(full * 2 * REGION / (4 * MIB));
    }

    /** Readers of copies that were flushed long ago meet regions that go back to the medium and come again. */
    @Test
    void readsThatRaceTheReleaseOfMemoryDoNoHarm() {
        book.fill(PageKind.EPHEMERAL, 4000);
        long[] stale = book.all().stream().mapToLong(CopyBook.Copy::locator).toArray();
        book.flushAtRandom(new Random(0), 100);
        AtomicBoolean working = new AtomicBoolean(true);
        new Race()
                .with(2, reader -> {
                    MemorySegment destination = MemorySegment.ofArray(new byte[100_000]);
                    for (int i = reader; working.get(); i = (i + 7) % stale.length) {
                        int length = i % 3 == 0 ? 100_000 : 4000;
                        assertThat(backend.get(stale[i], destination, length)).isIn(length, Outcome.GONE);
                    }
                })
                .with(() -> {
                    try {
                        for (int round = 0; round < 40; round++) {
                            backend.resize(4 * MIB);
                            book.fill(PageKind.EPHEMERAL, round % 2 == 0 ? 4000 : 100_000);
                            book.flushAtRandom(new Random(round), 100);
                            backend.resize(64 << 10);
                        }
                    } finally {
                        working.set(false);
                    }
                })
                .run();
        assertThat(backend.allocatedBytes()).isLessThanOrEqualTo(REGION);
    }

    /** As for a reader who found the region a moment before it was released. */
    @Test
    void aRegionThatIsClosedUnderAReaderIsGone() {
        Watched medium = new Watched();
        SlabBackend watched = new SlabBackend(
                Geometry.of(4 * MIB, 4, REGION), medium, SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        MemorySegment bytes = MemorySegment.ofArray(new byte[100_000]);
        long copy = watched.put(1, PageKind.EPHEMERAL, 1, bytes, 4000);
        long chain = watched.put(2, PageKind.EPHEMERAL, 2, bytes, 100_000);
        medium.regions.forEach(region -> medium.memory.release(region, null, null));
        assertThat(watched.get(copy, bytes, 4000)).isEqualTo(Outcome.GONE);
        assertThat(watched.get(chain, bytes, 100_000)).isEqualTo(Outcome.GONE);
        watched.close();
    }

    /** Native memory whose regions the test knows. */
    private static final class Watched implements Medium {
        private final Medium memory = new OffHeap();
        private final List<MemorySegment> regions = new ArrayList<>();

        @Override
        public MemorySegment allocate(long start, long bytes, long ahead) {
            regions.add(memory.allocate(start, bytes, ahead));
            return regions.getLast();
        }

        @Override
        public void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after) {
            memory.release(region, before, after);
        }

        @Override
        public CapacityLimits limits() {
            return memory.limits();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @Test
    void aDestinationThatCannotBeWrittenIsTheCallersMistake() {
        long locator = book.put(PageKind.EPHEMERAL, 4000);
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(4000);
        }
        assertThatThrownBy(() -> backend.get(locator, closed, 4000)).isInstanceOf(IllegalStateException.class);
    }
}
