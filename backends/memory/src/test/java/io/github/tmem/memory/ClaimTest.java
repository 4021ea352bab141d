package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.memory.slot.SlotWriter;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClaimTest {
    private static final long CAPACITY = 4L << 20;

    private final SlabBackend backend = opened();
    private final CopyBook book = new CopyBook(backend);
    private final Random random = new Random(11);

    private static SlabBackend opened() {
        return new SlabBackend(
                Geometry.of(CAPACITY, 16, 1 << 20),
                new Medium.OnHeap(),
                SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    }

    @AfterEach
    void everythingAddsUp() {
        book.check();
        backend.close();
    }

    private Claim claim(ClaimGoal goal, int length) {
        return Objects.requireNonNull(backend.claim(goal, length));
    }

    private static int slabOf(CopyBook.Copy copy) {
        return Locator.slab(Locator.place(copy.locator()));
    }

    private int slotsPerSlab(int length) {
        SizeClasses classes = backend.copies().classes();
        return classes.slots(classes.classOf(length));
    }

    private int list(Claim claim) {
        return claim.copies(new long[10_000], new int[10_000]);
    }

    @Test
    void takesTheEphemeralSlabWithTheFewestCopies() {
        book.fill(PageKind.EPHEMERAL, 1000);
        CopyBook.Copy sample = book.all().get(100);
        int slab = slabOf(sample);
        book.all().stream()
                .filter(copy -> slabOf(copy) == slab && !copy.equals(sample))
                .forEach(copy -> book.flush(copy.locator()));
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4096)) {
            assertThat(claim.relocatable()).isFalse();
            long[] locators = new long[9];
            assertThat(claim.copies(locators, new int[9])).isEqualTo(1);
            assertThat(locators[0]).isEqualTo(sample.locator());
            book.empty(claim);
            assertThat(book.put(claim, PageKind.PERSISTENT, 4096)).isNotNegative();
        }
    }

    @Test
    void takesTheClassWhoseSlabsHoldTheFewestCopies() {
        for (int i = 0; i < 2 * slotsPerSlab(1000); i++) {
            book.put(PageKind.EPHEMERAL, 1000);
        }
        book.fill(PageKind.EPHEMERAL, 4096);
        book.fill(PageKind.EPHEMERAL, 100);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 2000)) {
            assertThat(list(claim)).isEqualTo(slotsPerSlab(4096));
        }
    }

    @Test
    void prefersMovingToEvicting() {
        book.fill(PageKind.EPHEMERAL, 1000);
        book.flushAtRandom(random, 30);
        int copies = book.all().size();
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4096)) {
            assertThat(claim.relocatable()).isTrue();
            assertThat(book.empty(claim)).isTrue();
            assertThat(book.put(claim, PageKind.PERSISTENT, 4096)).isNotNegative();
        }
        assertThat(book.all()).hasSize(copies + 1);
    }

    @Test
    void copiesCanMoveOnlyWhenASlabsWorthOfSlotsIsFree() {
        book.fill(PageKind.PERSISTENT, 1000);
        int enough = slotsPerSlab(1000);
        // One per slab, so that no slab is emptied.
        book.all().stream()
                .filter(copy -> Locator.slot(Locator.place(copy.locator())) == 0)
                .limit(enough - 1)
                .forEach(copy -> book.flush(copy.locator()));
        assertThat(backend.claim(ClaimGoal.PERSISTENT, 4096)).isNull();
        book.flush(book.all().getLast().locator());
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4096)) {
            assertThat(backend.claim(ClaimGoal.PERSISTENT, 4096)).isNull();
            assertThat(book.empty(claim)).isTrue();
        }
    }

    @Test
    void reportsAChunkByTheHeadOfItsCopy() {
        book.fill(PageKind.EPHEMERAL, 3 * 4096 + 500);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4096)) {
            long[] locators = new long[100];
            int[] owners = new int[100];
            int count = claim.copies(locators, owners);
            assertThat(count).isPositive();
            for (int i = 0; i < count; i++) {
                assertThat(owners[i]).isEqualTo(book.at(locators[i]).owner());
            }
            book.empty(claim);
            assertThat(list(claim)).isZero();
        }
    }

    @Test
    void roomForALongCopyTakesTheFewestSlabs() {
        int perSlab = slotsPerSlab(4096);
        book.fill(PageKind.EPHEMERAL, 4096);
        int length = 10 * 4096;
        int slabs = Math.ceilDiv(Chunks.count(length), perSlab);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, length)) {
            assertThat(list(claim)).as("and one for heads").isEqualTo((slabs + 1) * perSlab);
            book.empty(claim);
            assertThat(book.put(claim, PageKind.PERSISTENT, length)).isNotNegative();
        }
        while (book.put(PageKind.PERSISTENT, 4096) >= 0) {
            // the chunks that the first copy left
        }
        try (Claim claim = claim(ClaimGoal.PERSISTENT, length)) {
            assertThat(list(claim))
                    .as("there is room for heads")
                    .isEqualTo(Math.ceilDiv(Chunks.count(length) + 1, perSlab) * perSlab);
            book.empty(claim);
            assertThat(book.put(claim, PageKind.PERSISTENT, length)).isNotNegative();
        }
    }

    /** Where two slabs are not to be had, a chunk serves as a head: waste is better than no room. */
    @Test
    void aLongCopyNeedsNoSlabForItsHead() {
        int perSlab = slotsPerSlab(4096);
        book.fill(PageKind.EPHEMERAL, 4096);
        int left = perSlab;
        book.all().stream().limit(book.all().size() - left).forEach(copy -> book.flush(copy.locator()));
        book.fill(PageKind.PERSISTENT, 4096);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4104)) {
            assertThat(list(claim)).isEqualTo(perSlab);
            book.empty(claim);
            assertThat(book.put(claim, PageKind.PERSISTENT, 4104)).isNotNegative();
        }
    }

    @Test
    void whatIsFreeCountsForALongCopy() {
        book.fill(PageKind.PERSISTENT, 4096);
        for (int i = 0; i < 10; i++) {
            book.flush(book.all().getFirst().locator());
        }
        assertThat(book.put(PageKind.PERSISTENT, 20 * 4096)).isEqualTo(Outcome.FULL);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 9 * 4096)) {
            assertThat(list(claim)).isZero();
            assertThat(book.put(PageKind.PERSISTENT, 4096)).isEqualTo(Outcome.FULL);
            assertThat(book.put(claim, PageKind.PERSISTENT, 9 * 4096)).isNotNegative();
        }
        assertThat(book.fill(PageKind.PERSISTENT, 4096)).isZero();
    }

    @Test
    void claimedSlabsTakeNoPutsUntilTheyAreReturned() {
        book.fill(PageKind.EPHEMERAL, 1000);
        int perSlab = slotsPerSlab(1000);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 1000)) {
            book.empty(claim);
            assertThat(book.put(PageKind.EPHEMERAL, 1000)).isEqualTo(Outcome.FULL);
            assertThat(book.put(PageKind.PERSISTENT, 1000)).isEqualTo(Outcome.FULL);
            assertThat(book.put(claim, PageKind.PERSISTENT, 1000)).isNotNegative();
            SlabAudit.check(backend);
        }
        assertThat(book.fill(PageKind.PERSISTENT, 1000)).isEqualTo(perSlab - 1);
    }

    @Test
    void aClaimClosedEarlyLeavesItsCopies() {
        book.fill(PageKind.EPHEMERAL, 1000);
        try (Claim claim = claim(ClaimGoal.PERSISTENT, 4096)) {
            long[] locators = new long[1];
            claim.copies(locators, new int[1]);
            book.flush(locators[0]);
        }
        assertThat(book.fill(PageKind.EPHEMERAL, 1000)).isEqualTo(1);
    }

    @Test
    void compactionWantsASlabAtMostHalfFull() {
        book.fill(PageKind.EPHEMERAL, 1000);
        book.flushAtRandom(random, 20);
        assertThat(backend.claim(ClaimGoal.COMPACTION, 0)).isNull();
        book.flushAtRandom(random, 60);
        try (Claim claim = claim(ClaimGoal.COMPACTION, 0)) {
            assertThat(claim.relocatable()).isTrue();
            assertThat(list(claim)).isLessThanOrEqualTo(slotsPerSlab(1000) / 2);
            assertThat(book.empty(claim)).isTrue();
        }
    }

    /** However full they are: what is left free in the end is less than a slab. */
    @Test
    void fullCompactionFreesSlabsAsLongAsTheirCopiesFitElsewhere() {
        book.fill(PageKind.EPHEMERAL, 1000);
        book.flushAtRandom(random, 20);
        int copies = book.all().size();
        while (backend.claim(ClaimGoal.FULL_COMPACTION, 0) instanceof SlabClaim claim) {
            assertThat(claim.relocatable()).isTrue();
            assertThat(book.empty(claim)).isTrue();
            claim.close();
        }
        book.check();
        assertThat(book.all()).hasSize(copies);
        assertThat(backend.usedBytes() / backend.geometry().slabBytes())
                .isLessThanOrEqualTo(copies / slotsPerSlab(1000) + 1);
    }

    /** A put that finds no room waits for others' claims, but not for those that hold nothing it could have. */
    @Test
    void claimsThatMovePersistentCopiesAreNotCounted() {
        for (PageKind kind : PageKind.values()) {
            book.fill(kind, 1000);
            book.flushAtRandom(random, 80);
            long open = kind == PageKind.EPHEMERAL ? 1 : 0;
            try (Claim claim = claim(ClaimGoal.COMPACTION, 0)) {
                assertThat(list(claim)).isPositive();
                assertThat(backend.claimsBegun() - backend.claimsEnded()).isEqualTo(open);
            }
            assertThat(backend.claimsBegun()).isEqualTo(backend.claimsEnded());
            book.flushAtRandom(random, 100);
        }
    }

    @Test
    void longCopiesFindRoomToMove() {
        for (int fills = 0; fills < 4; fills++) {
            int longest = 4096 << fills;
            refill(backend, book, () -> 2000 + random.nextInt(longest));
            book.flushAtRandom(random, 70);
            while (backend.claim(ClaimGoal.COMPACTION, 0) instanceof SlabClaim claim) {
                assertThat(book.empty(claim)).isTrue();
                claim.close();
                SlabAudit.check(backend);
            }
        }
    }

    @Test
    void refillsWithOtherSizesAlmostAsDenselyAsFresh() {
        SlabBackend fresh = opened();
        CopyBook freshBook = new CopyBook(fresh);
        refill(fresh, freshBook, () -> 600 + random.nextInt(3000));
        long freshBytes = freshBook.encodedBytes();
        refill(backend, book, () -> 100 + random.nextInt(1500));
        book.flushAtRandom(random, 70);
        refill(backend, book, () -> 600 + random.nextInt(3000));
        assertThat(book.encodedBytes()).isGreaterThan(freshBytes * 85 / 100);
        fresh.close();
    }

    /** Puts until ten copies in a row find no room, moving copies out of the way as the chain does. */
    private void refill(SlabBackend target, CopyBook targetBook, IntSupplier lengths) {
        for (int failures = 0; failures < 10; ) {
            int length = lengths.getAsInt();
            failures = putOrClaim(target, targetBook, length) ? 0 : failures + 1;
        }
    }

    private boolean putOrClaim(SlabBackend target, CopyBook targetBook, int length) {
        if (targetBook.put(PageKind.EPHEMERAL, length) >= 0) {
            return true;
        }
        try (Claim claim = target.claim(ClaimGoal.EPHEMERAL, length)) {
            return claim != null && targetBook.empty(claim) && targetBook.put(claim, PageKind.EPHEMERAL, length) >= 0;
        }
    }

    @Test
    void persistentPagesPushEphemeralOnesOutToTheLast() {
        refill(backend, book, () -> 500 + random.nextInt(12_000));
        boolean evicted = true;
        while (evicted) {
            try (Claim claim = backend.claim(ClaimGoal.PERSISTENT, 3000)) {
                evicted = claim != null && book.empty(claim) && book.put(claim, PageKind.PERSISTENT, 3000) >= 0;
            }
            book.fill(PageKind.PERSISTENT, 3000);
        }
        assertThat(book.all().stream().filter(copy -> copy.kind() == PageKind.EPHEMERAL))
                .isEmpty();
        assertThat(book.encodedBytes()).isGreaterThan(CAPACITY * 85 / 100);
    }
}
