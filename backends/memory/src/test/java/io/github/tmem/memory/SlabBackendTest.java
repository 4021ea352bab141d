package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.NativeMemory;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlabBackendTest {
    private static final long CAPACITY = 8L << 20;

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(CAPACITY, 16, 1 << 20), new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    private final CopyBook book = new CopyBook(backend);

    @AfterEach
    void everythingAddsUp() {
        book.check();
        book.flushAtRandom(new Random(0), 100);
        book.check();
        assertThat(backend.usedBytes()).isZero();
        backend.close();
        assertThat(backend.allocatedBytes()).isZero();
    }

    @Test
    void holdsCopiesAroundEveryChunkBorder() {
        for (int chunks = 0; chunks < 5; chunks++) {
            for (int length = -20; length <= 20; length++) {
                if (chunks * Chunks.BYTES + length > 0) {
                    assertThat(book.put(PageKind.EPHEMERAL, chunks * Chunks.BYTES + length))
                            .isNotNegative();
                }
            }
        }
        book.put(PageKind.PERSISTENT, SlabBackend.LENGTH_MAX);
    }

    @Test
    void kindsShareNoSlab() {
        long persistent = book.put(PageKind.PERSISTENT, 1000);
        long ephemeral = book.put(PageKind.EPHEMERAL, 1000);
        assertThat(slabOf(ephemeral)).isNotEqualTo(slabOf(persistent));
    }

    @Test
    void aRefusedLongCopyGivesEverythingBack() {
        int chunks = book.fill(PageKind.EPHEMERAL, 4096);
        for (CopyBook.Copy copy : book.all().subList(0, 100)) {
            book.flush(copy.locator());
        }
        long used = backend.usedBytes();
        assertThat(book.put(PageKind.EPHEMERAL, 101 * 4096)).isEqualTo(Outcome.FULL);
        assertThat(backend.usedBytes()).isEqualTo(used);
        assertThat(book.fill(PageKind.EPHEMERAL, 4096)).isEqualTo(100);
        assertThat(book.all()).hasSize(chunks);
    }

    @Test
    void fullMemoryIsUsedThroughSlightlyLargerSlots() {
        book.fill(PageKind.EPHEMERAL, 2048);
        book.flush(book.all().getFirst().locator());
        assertThat(book.put(PageKind.EPHEMERAL, 1000)).isEqualTo(Outcome.FULL);
        assertThat(book.put(PageKind.PERSISTENT, 2000)).isEqualTo(Outcome.FULL);
        assertThat(book.put(PageKind.EPHEMERAL, 2000)).isNotNegative();
    }

    /** Of slabs that are equally full: what is kept about it is still in the cache. */
    @Test
    void aSlotIsTakenFromTheSlabThatLastGotOneBack() {
        book.fill(PageKind.EPHEMERAL, 4096);
        int first = slabOf(book.all().getFirst().locator());
        int last = slabOf(book.all().getLast().locator());
        assertThat(first).isNotEqualTo(last);
        for (int[] order : new int[][] {{first, last}, {last, first}}) {
            for (int slab : order) {
                book.flush(book.all().stream()
                        .filter(copy -> slabOf(copy.locator()) == slab)
                        .findAny()
                        .orElseThrow()
                        .locator());
            }
            assertThat(slabOf(book.put(PageKind.EPHEMERAL, 4096))).isEqualTo(order[1]);
            assertThat(slabOf(book.put(PageKind.EPHEMERAL, 4096))).isEqualTo(order[0]);
        }
    }

    private static int slabOf(long locator) {
        return Locator.slab(Locator.place(locator));
    }

    @Test
    void aHeadTakesAChunkWhenThereIsNothingElse() {
        book.fill(PageKind.EPHEMERAL, 4096);
        book.all().subList(0, 3).forEach(copy -> book.flush(copy.locator()));
        assertThat(book.put(PageKind.EPHEMERAL, 2 * 4096)).isNotNegative();
        assertThat(book.put(PageKind.EPHEMERAL, 4096)).isEqualTo(Outcome.FULL);
    }

    @Test
    void aMediumWithoutMemoryMakesTheTierSmaller() {
        long allowed = 3 << 20;
        SlabBackend starved = new SlabBackend(
                Geometry.of(CAPACITY, 16, 1 << 20),
                new Starved(allowed),
                SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        CopyBook starvedBook = new CopyBook(starved);
        starvedBook.fill(PageKind.EPHEMERAL, 3000);
        assertThat(starved.allocatedBytes()).isBetween(allowed - (1 << 20), allowed);
        assertThat(starved.usage().capacityBytes())
                .isEqualTo(starved.usedBytes())
                .isLessThanOrEqualTo(allowed);
        starvedBook.flush(starvedBook.all().getFirst().locator());
        assertThat(starvedBook.put(PageKind.EPHEMERAL, 3000)).isNotNegative();
        starvedBook.check();
        starved.close();
    }

    /** Has a few regions, then no more. */
    static final class Starved implements Medium {
        private final Medium heap = new OnHeap();
        private long left;

        Starved(long bytes) {
            left = bytes;
        }

        /** Finds some more. */
        void add(long bytes) {
            left += bytes;
        }

        @Override
        public MemorySegment allocate(long start, long bytes, long ahead) {
            left -= bytes;
            if (left < 0) {
                left += bytes;
                throw new OutOfMemoryError("a test's");
            }
            return heap.allocate(start, bytes, ahead);
        }

        @Override
        public void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after) {
            left += region.byteSize();
        }

        @Override
        public CapacityLimits limits() {
            return heap.limits();
        }

        @Override
        public void close() {}
    }

    @Test
    void anEmptySlabServesAnyClassAtOnce() {
        book.fill(PageKind.EPHEMERAL, 4096);
        assertThat(book.put(PageKind.PERSISTENT, 100)).isEqualTo(Outcome.FULL);
        int slab = slabOf(book.all().getFirst().locator());
        book.all().stream().filter(copy -> slabOf(copy.locator()) == slab).forEach(copy -> book.flush(copy.locator()));
        assertThat(book.put(PageKind.PERSISTENT, 100)).isNotNegative();
    }

    @Test
    void aReusedSlotHasAnotherLocator() {
        long before = book.put(PageKind.EPHEMERAL, 500);
        book.put(PageKind.EPHEMERAL, 500);
        book.flush(before);
        long after = book.put(PageKind.EPHEMERAL, 500);
        assertThat(Locator.place(after)).isEqualTo(Locator.place(before));
        assertThat(after).isNotEqualTo(before);
    }

    /** The slab's other copies keep it cut up as it is; each round takes the same slot again. */
    @Test
    void namesDifferByOwnerOrElseByGeneration() {
        MemorySegment encoded = MemorySegment.ofArray(new byte[500]);
        book.put(PageKind.EPHEMERAL, 500);
        Set<Long> names = new HashSet<>();
        long first = backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500);
        for (int round = 1; round < Locator.GENERATIONS; round++) {
            long name = round == 1 ? first : backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500);
            assertThat(names.add(name)).isTrue();
            backend.flush(name);
        }
        backend.flush(backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500));
        long sameGeneration = backend.put(1, PageKind.EPHEMERAL, 78, encoded, 500);
        assertThat(Locator.place(sameGeneration)).isEqualTo(Locator.place(first));
        assertThatThrownBy(() -> backend.flush(first)).isInstanceOf(AssertionError.class);
        backend.flush(sameGeneration);
        long sameName = backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500);
        assertThat(sameName).isNotEqualTo(first);
        assertThat(Locator.place(sameName)).isEqualTo(Locator.place(first));
        backend.flush(sameName);
    }

    /** By the generation alone, for the owner and the slot are the same. */
    @Test
    void aSecondFlushIsNoticedAfterItsOwnerTookTheSlotAgain() {
        MemorySegment encoded = MemorySegment.ofArray(new byte[500]);
        book.put(PageKind.EPHEMERAL, 500);
        long flushed = backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500);
        backend.flush(flushed);
        long reused = backend.put(1, PageKind.EPHEMERAL, 77, encoded, 500);
        assertThat(Locator.place(reused)).isEqualTo(Locator.place(flushed));
        assertThatThrownBy(() -> backend.flush(flushed)).isInstanceOf(AssertionError.class);
        backend.flush(reused);
    }

    @Test
    void aSecondFlushIsNoticedAndHarmless() {
        long kept = book.put(PageKind.EPHEMERAL, 500);
        long flushed = book.put(PageKind.EPHEMERAL, 500);
        book.flush(flushed);
        assertThatThrownBy(() -> backend.flush(flushed)).isInstanceOf(AssertionError.class);
        long reused = book.put(PageKind.EPHEMERAL, 500);
        assertThat(Locator.place(reused)).isEqualTo(Locator.place(flushed));
        assertThatThrownBy(() -> backend.flush(flushed)).isInstanceOf(AssertionError.class);
        assertThat(book.at(kept).length()).isEqualTo(500);
    }

    @Test
    void readingWhatIsNotThereDoesNoHarm() {
        long copy = book.put(PageKind.EPHEMERAL, 100);
        long chain = book.put(PageKind.EPHEMERAL, 10_000);
        book.flush(copy);
        book.flush(chain);
        MemorySegment destination = MemorySegment.ofArray(new byte[1 << 20]);
        assertThat(backend.get(copy, destination, 100)).isEqualTo(Outcome.GONE);
        assertThat(backend.get(chain, destination, 10_000)).isEqualTo(Outcome.GONE);
        Random random = new Random(1);
        for (int i = 0; i < 3000; i++) {
            book.put(PageKind.EPHEMERAL, 1 + random.nextInt(9000));
        }
        for (int i = 0; i < 100_000; i++) {
            long locator = random.nextLong() >>> random.nextInt(1, 64);
            int length = 1 + random.nextInt(i % 2 == 0 ? 4096 : 100_000);
            assertThat(backend.get(locator, destination, length)).isIn(length, Outcome.GONE);
        }
    }

    @Test
    void lengthsThatCannotBe() {
        MemorySegment encoded = MemorySegment.ofArray(new byte[SlabBackend.LENGTH_MAX + 1]);
        assertThat(backend.put(1, PageKind.EPHEMERAL, 0, encoded, SlabBackend.LENGTH_MAX + 1))
                .isEqualTo(Outcome.DECLINED);
        assertThatThrownBy(() -> backend.put(1, PageKind.EPHEMERAL, 0, encoded, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.put(1, PageKind.EPHEMERAL, 0, encoded.asSlice(0, 9), 10))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** A segment that this thread cannot read. */
    private static MemorySegment foreign(int bytes) throws InterruptedException {
        MemorySegment[] foreign = new MemorySegment[1];
        Thread owner = new Thread(() -> foreign[0] = Arena.ofConfined().allocate(bytes));
        owner.start();
        owner.join();
        return foreign[0];
    }

    @Test
    void aPutThatThrowsTakesNothing() throws InterruptedException {
        MemorySegment foreign = foreign(5000);
        assertThatThrownBy(() -> backend.put(1, PageKind.EPHEMERAL, 0, foreign, 5000))
                .isInstanceOf(WrongThreadException.class);
        assertThat(backend.usage().copies()).isZero();
        assertThat(backend.usage().encodedBytes()).isZero();
    }

    /** The smallest slabs have slots of 3,280 bytes and then of 4,096. */
    @Test
    void howMuchOfASlotIsUnusedDoesNotMatter() throws InterruptedException {
        SlabBackend small = new SlabBackend(
                Geometry.of(256 << 10, 4, 1 << 20),
                new Medium.OnHeap(),
                SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        CopyBook smallBook = new CopyBook(small);
        for (int length = 3281; length <= 4096; length += 5) {
            smallBook.put(PageKind.EPHEMERAL, length);
            if (length % 2 == 0) {
                smallBook.flush(smallBook.all().getFirst().locator());
            }
        }
        smallBook.check();
        smallBook.flush(smallBook.all().getFirst().locator());
        MemorySegment foreign = foreign(3300);
        assertThatThrownBy(() -> small.put(1, PageKind.EPHEMERAL, 0, foreign, 3300))
                .isInstanceOf(WrongThreadException.class);
        smallBook.check();
        while (small.claim(ClaimGoal.PERSISTENT, 3300) instanceof SlabClaim claim) {
            assertThat(smallBook.empty(claim)).isTrue();
            smallBook.put(claim, PageKind.PERSISTENT, 3300);
            claim.close();
        }
        smallBook.flushAtRandom(new Random(1), 100);
        smallBook.check();
        small.close();
    }

    @Test
    void memoryIsTakenAsItIsNeeded() {
        assertThat(backend.allocatedBytes()).isZero();
        book.put(PageKind.EPHEMERAL, 100);
        assertThat(backend.allocatedBytes()).isBetween(1L, 1L << 20);
        book.fill(PageKind.EPHEMERAL, 100);
        assertThat(backend.allocatedBytes()).isBetween(CAPACITY * 95 / 100, CAPACITY);
    }

    @Test
    void metadataAreFiveBytesASlotAndLittleASlabAndGroup() {
        Geometry gibibyte = Geometry.of(1 << 30, Geometry.SLAB_CHUNKS_MAX, 1 << 20);
        SlabBackend large =
                new SlabBackend(gibibyte, new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        int groups = large.copies().pool().groups().count();
        assertThat(large.usage().metadataBytes()).isLessThan(28L * gibibyte.slabs() + 328L * groups + 4096);
        long books = backend.usage().metadataBytes();
        book.fill(PageKind.EPHEMERAL, 2000);
        long arrays = 16L * backend.geometry().slabs();
        long slots = backend.usage().metadataBytes() - books - arrays;
        assertThat(slots).isBetween(5L * book.all().size(), 53L * book.all().size() / 10);
    }

    @Test
    void closeGivesNativeMemoryBack() {
        long before = NativeMemory.bytes();
        SlabBackend offHeap = new SlabBackend(
                Geometry.of(CAPACITY, 16, 1 << 20),
                new Medium.OffHeap(),
                SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        CopyBook offHeapBook = new CopyBook(offHeap);
        offHeapBook.fill(PageKind.EPHEMERAL, 3000);
        offHeapBook.check();
        long copy = offHeapBook.all().getFirst().locator();
        assertThat(offHeap.allocatedBytes()).isPositive();
        assertThat(NativeMemory.bytes()).isGreaterThanOrEqualTo(before + offHeap.allocatedBytes());
        offHeap.close();
        offHeap.close();
        assertThat(NativeMemory.bytes()).isLessThan(before + (1 << 20));
        assertThat(offHeap.allocatedBytes()).isZero();
        assertThat(offHeap.get(copy, MemorySegment.ofArray(new byte[3000]), 3000))
                .isEqualTo(Outcome.GONE);
    }
}
