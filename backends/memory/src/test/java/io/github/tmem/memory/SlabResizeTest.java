package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.NativeMemory;
import io.github.tmem.memory.slot.SlotWriter;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Slabs, regions and memory when the capacity changes. */
class SlabResizeTest extends ResizedSlabs {
    SlabResizeTest(Supplier<Medium> medium) {
        super(medium);
    }

    private Claim shrinkClaim() {
        return Objects.requireNonNull(backend.claim(ClaimGoal.SHRINK, 0));
    }

    /**
     * Moves what is beyond the capacity to where there is room, and sparse slabs together when there is none. Returns
     * whether all of it found some.
     */
    private boolean shrinkByMoving() {
        boolean moved = true;
        while (moved && backend.claim(ClaimGoal.SHRINK, 0) instanceof SlabClaim claim) {
            moved = book.empty(claim);
            claim.close();
            if (!moved && backend.claim(ClaimGoal.COMPACTION, 0) instanceof SlabClaim sparse) {
                moved = book.empty(sparse);
                sparse.close();
            }
        }
        return moved;
    }

    private void flushBeyond() {
        while (backend.claim(ClaimGoal.SHRINK, 0) instanceof SlabClaim claim) {
            long[] locators = new long[64];
            for (int count = claim.copies(locators, new int[64]); count > 0; ) {
                for (int i = 0; i < count; i++) {
                    book.flush(locators[i]);
                }
                count = claim.copies(locators, new int[64]);
            }
            claim.close();
        }
    }

    @Test
    void aLargerCapacityIsThereAtOnce() {
        int before = book.fill(PageKind.EPHEMERAL, 4000);
        long capacity = backend.resize(8 * MIB);
        assertThat(capacity).isEqualTo(backend.usage().capacityBytes()).isBetween(8 * MIB - 20_000, 8 * MIB);
        assertThat(book.fill(PageKind.PERSISTENT, 4000)).isBetween(before - 8, before + 8);
        assertThat(backend.usedBytes()).isEqualTo(capacity);
        assertThat(backend.allocatedBytes()).isEqualTo(capacity);
    }

    /** Each time the last region was opened short; the numbers of the slabs it lacks are passed over. */
    @Test
    void itGrowsBySmallStepsWithoutLosingASlab() {
        for (long capacity = 4 * MIB; capacity < 8 * MIB; capacity += 300_000) {
            long resized = backend.resize(capacity);
            assertThat(resized).isBetween(capacity - backend.geometry().slabBytes(), capacity);
            book.fill(PageKind.EPHEMERAL, 4000);
            assertThat(backend.usedBytes()).isEqualTo(resized);
            assertThat(backend.allocatedBytes()).isEqualTo(resized);
            book.check();
        }
    }

    @Test
    void growsFromTheSmallestAndBack() {
        SlabBackend small = new SlabBackend(
                Geometry.of(64 << 10, 4, REGION), new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        CopyBook smallBook = new CopyBook(small);
        int few = smallBook.fill(PageKind.EPHEMERAL, 4000);
        small.resize(MIB);
        assertThat(smallBook.fill(PageKind.EPHEMERAL, 4000)).isGreaterThan(14 * few);
        small.resize(64 << 10);
        smallBook.check();
        assertThat(smallBook.put(PageKind.EPHEMERAL, 4000)).isEqualTo(Outcome.FULL);
        smallBook.flushAtRandom(new Random(0), 100);
        smallBook.check();
        assertThat(small.allocatedBytes()).isLessThan(64 << 10);
        assertThat(smallBook.fill(PageKind.EPHEMERAL, 4000)).isEqualTo(few);
        small.close();
    }

    @Test
    void whatIsBeyondStaysReadableAndNothingJoinsIt() {
        book.fill(PageKind.EPHEMERAL, 3000);
        long used = backend.usedBytes();
        long capacity = backend.resize(2 * MIB);
        book.check();
        assertThat(capacity).isBetween(2 * MIB - REGION, 2 * MIB);
        assertThat(backend.usage().capacityBytes()).isEqualTo(capacity);
        assertThat(backend.usedBytes()).isEqualTo(used);
        for (int length : new int[] {10, 3000, 4096, 10_000}) {
            assertThat(book.put(PageKind.PERSISTENT, length)).isEqualTo(Outcome.FULL);
        }
        Random random = new Random(4);
        while (backend.usedBytes() > capacity) {
            book.flushAtRandom(random, 10);
            long before = backend.usedBytes();
            book.fill(PageKind.EPHEMERAL, 3000);
            assertThat(backend.usedBytes()).isLessThanOrEqualTo(Math.max(before, capacity));
        }
    }

    @Test
    void memoryGoesBackRegionByRegion() {
        long before = NativeMemory.bytes() + NativeMemory.hugePageBytes();
        book.fill(PageKind.EPHEMERAL, 4000);
        long full = backend.allocatedBytes();
        backend.resize(MIB);
        assertThat(backend.allocatedBytes()).isEqualTo(full);
        long allocated = full;
        int steps = 0;
        while (backend.claim(ClaimGoal.SHRINK, 0) instanceof SlabClaim claim) {
            claim.close();
            try (Claim again = shrinkClaim()) {
                long[] locators = new long[64];
                int count = again.copies(locators, new int[64]);
                for (int i = 0; i < count; i++) {
                    book.flush(locators[i]);
                }
            }
            assertThat(backend.allocatedBytes()).isLessThanOrEqualTo(allocated);
            steps += backend.allocatedBytes() < allocated ? 1 : 0;
            allocated = backend.allocatedBytes();
        }
        assertThat(steps).isBetween(5, 7);
        assertThat(allocated).isLessThanOrEqualTo(MIB);
        assertThat(backend.usedBytes()).isLessThanOrEqualTo(MIB);
        assertThat(NativeMemory.bytes() + NativeMemory.hugePageBytes() - before).isLessThan(MIB + REGION);
    }

    @Test
    void memoryOfFreeSlabsGoesBackAtOnce() {
        book.fill(PageKind.EPHEMERAL, 4000);
        book.flushAtRandom(new Random(0), 100);
        assertThat(backend.allocatedBytes()).isGreaterThan(3 * MIB);
        long capacity = backend.resize(MIB);
        assertThat(backend.allocatedBytes()).isEqualTo(capacity);
        book.fill(PageKind.EPHEMERAL, 4000);
        assertThat(backend.usedBytes()).isEqualTo(capacity);
        assertThat(backend.claim(ClaimGoal.SHRINK, 0)).isNull();
    }

    @Test
    void copiesMoveBelowTheNewCapacityWhereThereIsRoom() {
        for (PageKind kind : PageKind.values()) {
            for (int length : new int[] {300, 3000, 4096, 9000, 30_000}) {
                for (int i = 0; i < 400_000 / length; i++) {
                    book.put(kind, length);
                }
            }
        }
        book.flushAtRandom(new Random(2), 85);
        int copies = book.all().size();
        backend.resize(2 * MIB);
        assertThat(shrinkByMoving()).isTrue();
        assertThat(book.all()).hasSize(copies);
        assertThat(backend.allocatedBytes()).isLessThanOrEqualTo(2 * MIB);
    }

    @Test
    void aClaimedSlabThatKeepsCopiesComesLastAgain() {
        book.fill(PageKind.EPHEMERAL, 4000);
        backend.resize(2 * MIB);
        long[] first = new long[1];
        long[] second = new long[1];
        try (Claim claim = shrinkClaim()) {
            claim.copies(first, new int[1]);
            assertThat(claim.relocatable()).isTrue();
            assertThat(book.put(claim, PageKind.EPHEMERAL, 4000)).isEqualTo(Outcome.FULL);
        }
        book.check();
        try (Claim claim = shrinkClaim()) {
            claim.copies(second, new int[1]);
        }
        assertThat(Locator.slab(Locator.place(second[0]))).isNotEqualTo(Locator.slab(Locator.place(first[0])));
    }

    @Test
    void aShrinkCanBeCalledOff() {
        int fits = book.fill(PageKind.EPHEMERAL, 4000);
        backend.resize(MIB);
        try (Claim claim = shrinkClaim()) {
            book.empty(claim);
        }
        book.flushAtRandom(new Random(1), 50);
        assertThat(backend.resize(4 * MIB)).isGreaterThan(4 * MIB - 20_000);
        assertThat(backend.claim(ClaimGoal.SHRINK, 0)).isNull();
        book.check();
        book.fill(PageKind.EPHEMERAL, 4000);
        assertThat(book.all()).hasSize(fits);
    }

    /** Claims hold slabs through both resizes, and give them back to where they belong then. */
    @Test
    void claimsOutliveResizes() {
        book.fill(PageKind.EPHEMERAL, 4000);
        book.flushAtRandom(new Random(3), 80);
        for (ClaimGoal goal : List.of(ClaimGoal.COMPACTION, ClaimGoal.EPHEMERAL, ClaimGoal.PERSISTENT)) {
            Claim emptied = Objects.requireNonNull(backend.claim(goal, 4000));
            Claim kept = Objects.requireNonNull(backend.claim(goal, 4000));
            backend.resize(64 << 10);
            book.check();
            book.empty(emptied);
            emptied.close();
            kept.close();
            book.check();
            emptied = Objects.requireNonNull(backend.claim(ClaimGoal.SHRINK, 0));
            kept = Objects.requireNonNull(backend.claim(ClaimGoal.SHRINK, 0));
            backend.resize(4 * MIB);
            book.empty(emptied);
            emptied.close();
            kept.close();
            book.check();
        }
    }

    /** What a claim holds was taken from the capacity before it shrank. */
    @Test
    void aClaimKeepsItsRoom() {
        book.fill(PageKind.EPHEMERAL, 4000);
        try (Claim claim = Objects.requireNonNull(backend.claim(ClaimGoal.PERSISTENT, 4000))) {
            book.empty(claim);
            backend.resize(64 << 10);
            assertThat(book.put(claim, PageKind.PERSISTENT, 4000)).isNotNegative();
        }
        book.check();
        flushBeyond();
        assertThat(backend.usedBytes()).isLessThanOrEqualTo(64 << 10);
    }

    @Test
    void resizesAndCopiesAtRandom() {
        Random random = new Random(11);
        for (int round = 0; round < 60; round++) {
            backend.resize((64 << 10) + random.nextLong(8 * MIB));
            long used = backend.usedBytes();
            for (int i = 0; i < 150; i++) {
                book.put(random.nextBoolean() ? PageKind.EPHEMERAL : PageKind.PERSISTENT, 1 + random.nextInt(12_000));
            }
            assertThat(backend.usedBytes())
                    .isLessThanOrEqualTo(Math.max(used, backend.usage().capacityBytes()));
            if (random.nextInt(3) == 0) {
                shrinkByMoving();
            }
            book.flushAtRandom(random, random.nextInt(60));
            book.check();
        }
    }

    @Test
    void aMediumWithoutMemoryIsAskedAgainAfterAResize() {
        long allowed = 2 * MIB;
        SlabBackendTest.Starved medium = new SlabBackendTest.Starved(allowed);
        SlabBackend starved = new SlabBackend(
                Geometry.of(4 * MIB, 4, REGION), medium, SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        CopyBook starvedBook = new CopyBook(starved);
        int few = starvedBook.fill(PageKind.EPHEMERAL, 4000);
        assertThat(starved.usage().capacityBytes())
                .isEqualTo(starved.usedBytes())
                .isLessThan(allowed);
        medium.add(2 * MIB);
        assertThat(starvedBook.fill(PageKind.EPHEMERAL, 4000)).isZero();
        starved.resize(3 * MIB);
        assertThat(starvedBook.fill(PageKind.EPHEMERAL, 4000)).isBetween(few / 3, few);
        starvedBook.check();
        starved.close();
    }

    @Test
    void refusesCapacitiesItCannotHave() {
        book.fill(PageKind.EPHEMERAL, 4000);
        long capacity = backend.usage().capacityBytes();
        for (long wrong : new long[] {Long.MIN_VALUE, -1, 0, 1, (64 << 10) - 1}) {
            assertThatThrownBy(() -> backend.resize(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("tier offheap", "allowed: at least 64KiB");
        }
        assertThatThrownBy(() -> backend.resize(Long.MAX_VALUE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("allowed: at most ");
        assertThat(backend.usage().capacityBytes()).isEqualTo(capacity);
    }
}
