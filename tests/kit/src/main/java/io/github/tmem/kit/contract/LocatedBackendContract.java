package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What "implements {@link LocatedBackend}" means: {@link BackendContract}, locators that are never used twice, and claims
 * that make room for the claimer alone.
 */
public abstract class LocatedBackendContract extends BackendContract {

    private static final int SHORT = 200;

    private LocatedBackend located() {
        return (LocatedBackend) backend();
    }

    @Test
    void locatorsOfReusedSlotsDiffer() {
        Set<Long> locators = new HashSet<>();
        List<Copy> filling = fill(anyKind(), pageLength());
        filling.forEach(copy -> assertThat(locators.add(copy.locator())).isTrue());
        Copy last = filling.getFirst();
        for (int i = 0; i < 20_000; i++) {
            flush(last);
            last = put(anyKind(), pageLength());
            assertThat(locators.add(last.locator()))
                    .as("locator %d is new", last.locator())
                    .isTrue();
        }
    }

    @Test
    void copiesOfOneSizeClassTakeEachOthersPlace() {
        for (int length = SHORT; length < lengthMax(); length += length / 2) {
            int sizeClass = located().sizeClass(length);
            int longest = length;
            while (longest < lengthMax() && located().sizeClass(longest + 1) == sizeClass) {
                longest++;
            }
            List<Copy> filling = fill(anyKind(), length);
            flush(filling.get(filling.size() / 2));
            put(anyKind(), longest);
            flushAll();
        }
    }

    @Test
    void aPersistentClaimEvictsEphemeralUnits() {
        if (kinds().size() < 2) {
            return;
        }
        for (int length : new int[] {1, pageLength(), lengthMax()}) {
            fill(PageKind.EPHEMERAL, SHORT);
            assertThat(tryPut(PageKind.PERSISTENT, length).locator()).isEqualTo(Outcome.FULL);
            try (Claim claim = claimed(ClaimGoal.PERSISTENT, length)) {
                empty(claim);
                Copy copy = putInto(claim, PageKind.PERSISTENT, length);
                assertThat(copy.stored())
                        .as("put into the claim: %s", Outcome.name(copy.locator()))
                        .isTrue();
                assertReadable(copy);
                checkUsage();
            }
            stored().forEach(this::assertReadable);
            flushAll();
        }
    }

    @Test
    void nobodyElseGetsTheRoomOfAClaim() {
        PageKind kind = kinds().getLast();
        fill(PageKind.EPHEMERAL, pageLength());
        AtomicBoolean claiming = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        new Race()
                .with(2, grabber -> {
                    while (claiming.get()) {
                        tryPut(kinds().get(grabber % kinds().size()), pageLength());
                        tryPut(kinds().get(grabber % kinds().size()), SHORT);
                        attempts.incrementAndGet();
                    }
                })
                .with(() -> {
                    try (Claim claim = claimed(ClaimGoal.PERSISTENT, pageLength())) {
                        empty(claim);
                        for (int enough = attempts.get() + 200; attempts.get() < enough; ) {
                            assertThat(claim.copies(new long[8], new int[8]))
                                    .as("copies placed in the claim")
                                    .isZero();
                            checkUsage();
                        }
                        assertThat(putInto(claim, kind, pageLength()).stored()).isTrue();
                    } finally {
                        claiming.set(false);
                    }
                })
                .run();
    }

    @Test
    void closeGivesUnusedRoomBack() {
        int fits = fill(PageKind.EPHEMERAL, pageLength()).size();
        try (Claim claim = claimed(ClaimGoal.PERSISTENT, pageLength())) {
            empty(claim);
        }
        fill(PageKind.EPHEMERAL, pageLength());
        assertThat(stored()).as("copies that fit again").hasSize(fits);
    }

    @Test
    void closeLeavesCopiesThatAreStillThere() {
        int fits = fill(PageKind.EPHEMERAL, pageLength()).size();
        try (Claim claim = claimed(ClaimGoal.PERSISTENT, lengthMax())) {
            long[] locators = new long[1];
            if (claim.copies(locators, new int[1]) == 1) {
                flush(copyAt(locators[0]));
            }
        }
        stored().forEach(this::assertReadable);
        fill(PageKind.EPHEMERAL, pageLength());
        assertThat(stored()).hasSize(fits);
    }

    @Test
    void copiesInAClaimStayReadable() {
        fill(PageKind.EPHEMERAL, pageLength());
        try (Claim claim = claimed(ClaimGoal.PERSISTENT, lengthMax())) {
            stored().forEach(this::assertReadable);
            empty(claim);
            stored().forEach(this::assertReadable);
        }
    }

    @Test
    void aClaimListsEachCopyWithItsOwner() {
        fill(PageKind.EPHEMERAL, SHORT);
        try (Claim claim = claimed(ClaimGoal.PERSISTENT, lengthMax())) {
            long[] locators = new long[stored().size() + 1];
            int[] owners = new int[locators.length];
            int count = claim.copies(locators, owners);
            assertThat(count).isPositive();
            Set<Long> distinct = new HashSet<>();
            for (int i = 0; i < count; i++) {
                assertThat(distinct.add(locators[i])).isTrue();
                assertThat(owners[i]).isEqualTo(copyAt(locators[i]).owner());
            }
            int few = claim.copies(new long[2], new int[2]);
            assertThat(few).isEqualTo(Math.min(2, count));
        }
    }

    @Test
    void persistentPagesInFullUnitsYieldToNobody() {
        if (kinds().size() < 2) {
            return;
        }
        fill(PageKind.PERSISTENT, pageLength());
        for (ClaimGoal goal : ClaimGoal.values()) {
            assertThat(closed(located().claim(goal, pageLength())))
                    .as("claim for %s", goal)
                    .isFalse();
        }
    }

    @Test
    void ephemeralPagesInFullUnitsYieldOnlyToPersistentOnes() {
        fill(PageKind.EPHEMERAL, pageLength());
        assertThat(closed(located().claim(ClaimGoal.EPHEMERAL, pageLength()))).isFalse();
        assertThat(closed(located().claim(ClaimGoal.COMPACTION, pageLength()))).isFalse();
        assertThat(closed(located().claim(ClaimGoal.FULL_COMPACTION, pageLength())))
                .isFalse();
        assertThat(closed(located().claim(ClaimGoal.PERSISTENT, pageLength()))).isTrue();
    }

    @Test
    void claimsWithEphemeralPagesInTheirWayAreCounted() {
        fill(PageKind.EPHEMERAL, pageLength());
        long before = located().claimsEnded();
        try (Claim claim = claimed(ClaimGoal.PERSISTENT, pageLength())) {
            assertThat(claim.relocatable()).isFalse();
            assertThat(located().claimsBegun() - located().claimsEnded()).isEqualTo(1);
        }
        assertThat(closed(located().claim(ClaimGoal.EPHEMERAL, pageLength()))).isFalse();
        assertThat(located().claimsBegun()).isEqualTo(located().claimsEnded()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPACTION", "FULL_COMPACTION"})
    void compactionMovesCopiesTogetherAndFreesUnits(ClaimGoal goal) {
        for (PageKind kind : kinds()) {
            thin(fill(kind, pageLength()), 8);
            long before = backend().usedBytes();
            try (Claim claim = claimed(goal, pageLength())) {
                assertThat(claim.relocatable()).isTrue();
                relocate(claim);
            }
            assertThat(backend().usedBytes()).isLessThan(before);
            stored().forEach(this::assertReadable);
            flushAll();
        }
    }

    @Test
    void sparseUnitsMakeRoomForAnotherClassWithoutLosingACopy() {
        for (PageKind kind : kinds()) {
            ClaimGoal goal = kind == PageKind.PERSISTENT ? ClaimGoal.PERSISTENT : ClaimGoal.EPHEMERAL;
            thin(fill(kind, SHORT), 8);
            fill(kind, pageLength());
            int copies = stored().size();
            try (Claim claim = claimed(goal, pageLength())) {
                assertThat(claim.relocatable()).isTrue();
                relocate(claim);
                assertThat(putInto(claim, kind, pageLength()).stored()).isTrue();
            }
            assertThat(stored()).hasSize(copies + 1);
            flushAll();
        }
    }

    @Test
    void twoClaimsTakeDifferentUnits() {
        fill(PageKind.EPHEMERAL, pageLength());
        try (Claim first = claimed(ClaimGoal.PERSISTENT, pageLength());
                Claim second = claimed(ClaimGoal.PERSISTENT, pageLength())) {
            empty(first);
            empty(second);
            assertThat(putInto(first, kinds().getLast(), pageLength()).stored()).isTrue();
            assertThat(putInto(second, kinds().getLast(), pageLength()).stored())
                    .isTrue();
        }
    }

    @Test
    void claimsEmptyWhatIsBeyondTheCapacity() {
        for (PageKind kind : kinds()) {
            fill(kind, pageLength());
            assertThat(closed(beyond())).isFalse();
            long capacity = resize(capacityBytes() / 4);
            long used = backend().usedBytes();
            for (Claim claim = beyond(); claim != null; claim = beyond()) {
                empty(claim);
                claim.close();
                assertThat(backend().usedBytes()).as("used after a claim").isLessThan(used);
                used = backend().usedBytes();
            }
            assertThat(used).isBetween(capacity / 2, capacity);
            stored().forEach(this::assertReadable);
            assertThat(tryPut(kind, pageLength()).locator()).isEqualTo(Outcome.FULL);
            flushAll();
            resize(capacityBytes());
        }
    }

    @Test
    void sparseUnitsShrinkWithoutLosingACopy() {
        for (PageKind kind : kinds()) {
            thin(fill(kind, pageLength()), 8);
            int copies = stored().size();
            long capacity = resize(capacityBytes() / 2);
            for (Claim claim = beyond(); claim != null; claim = beyond()) {
                assertThat(claim.relocatable()).isTrue();
                relocate(claim);
                claim.close();
            }
            assertThat(stored()).hasSize(copies);
            assertThat(backend().usedBytes()).isLessThanOrEqualTo(capacity);
            flushAll();
            resize(capacityBytes());
        }
    }

    @Test
    void aUnitBeyondTheCapacityThatKeepsCopiesIsClaimedAgain() {
        fill(anyKind(), pageLength());
        resize(capacityBytes() / 4);
        long[] first = new long[1];
        try (Claim claim = claimed(ClaimGoal.SHRINK, 1)) {
            assertThat(claim.copies(first, new int[1])).isOne();
            assertThat(putInto(claim, anyKind(), pageLength()).stored()).isFalse();
            charge(-pageLength());
        }
        stored().forEach(this::assertReadable);
        Set<Long> seen = new HashSet<>();
        List<Claim> claims = new ArrayList<>();
        for (Claim claim = beyond(); claim != null; claim = beyond()) {
            claims.add(claim);
            listed(claim).forEach(copy -> seen.add(copy.locator()));
        }
        assertThat(seen).contains(first[0]);
        claims.forEach(Claim::close);
        stored().forEach(this::assertReadable);
    }

    @Test
    void otherClaimsStayBelowTheCapacity() {
        thin(fill(PageKind.EPHEMERAL, pageLength()), 2);
        long capacity = resize(capacityBytes() / 4);
        Set<Long> leaving = new HashSet<>();
        List<Claim> claims = new ArrayList<>();
        for (Claim claim = beyond(); claim != null; claim = beyond()) {
            claims.add(claim);
            listed(claim).forEach(copy -> leaving.add(copy.locator()));
        }
        claims.forEach(Claim::close);
        for (ClaimGoal goal : List.of(ClaimGoal.COMPACTION, ClaimGoal.EPHEMERAL, ClaimGoal.PERSISTENT)) {
            Claim claim = located().claim(goal, pageLength());
            if (claim != null) {
                assertThat(listed(claim)).noneMatch(copy -> leaving.contains(copy.locator()));
                claim.close();
            }
        }
        assertThat(leaving.size() * (long) pageLength()).isGreaterThan(capacity / 2);
    }

    private @Nullable Claim beyond() {
        return located().claim(ClaimGoal.SHRINK, 1);
    }

    private Claim claimed(ClaimGoal goal, int length) {
        Claim claim = located().claim(goal, length);
        if (claim == null) {
            throw new AssertionError("no claim for " + goal + " of " + length + " bytes");
        }
        return claim;
    }

    private static boolean closed(@Nullable Claim claim) {
        if (claim != null) {
            claim.close();
        }
        return claim != null;
    }

    /** Flushes what lives in the claimed units, as an eviction does. */
    private void empty(Claim claim) {
        drain(claim, this::flush);
    }

    /** Moves what lives in the claimed units to other units of the backend. */
    private void relocate(Claim claim) {
        drain(claim, copy -> {
            put(copy.kind(), copy.length());
            flush(copy);
        });
    }

    /** Takes away every copy a claim lists, which is never more than there are: nothing new may come. */
    private void drain(Claim claim, Consumer<Copy> take) {
        int left = stored().size();
        for (List<Copy> copies = listed(claim); !copies.isEmpty(); copies = listed(claim)) {
            left -= copies.size();
            assertThat(left).as("copies placed in a claimed unit").isNotNegative();
            copies.forEach(take);
        }
    }

    private List<Copy> listed(Claim claim) {
        long[] locators = new long[64];
        int count = claim.copies(locators, new int[64]);
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            copies.add(copyAt(locators[i]));
        }
        return copies;
    }

    private Copy putInto(Claim claim, PageKind kind, int length) {
        Copy planned = plan(kind, length);
        charge(length);
        return enter(
                planned,
                claim.put(planned.copyId(), kind, planned.owner(), MemorySegment.ofArray(planned.bytes()), length));
    }

    /** Flushes all copies but one in {@code keep}, at random, so that every unit becomes sparse. */
    private void thin(List<Copy> copies, int keep) {
        Random random = new Random(3);
        copies.stream().filter(copy -> random.nextInt(keep) != 0).forEach(this::flush);
    }
}
