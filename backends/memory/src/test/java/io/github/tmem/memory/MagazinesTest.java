package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.memory.slot.SlotWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Magazines alone, and what a backend with slabs of many slots does with them. */
class MagazinesTest {
    private static final int CAPACITY = 1 << 20;

    /** So short that a slab holds more than twice as many copies as a magazine. */
    private static final int LENGTH = 200;

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(CAPACITY, 16, CAPACITY / 2),
            new Medium.OnHeap(),
            SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    private final CopyBook book = new CopyBook(backend);
    private final Groups groups = new Groups(backend.copies().classes());
    private final Random random = new Random(7);

    @AfterEach
    void everythingAddsUp() {
        SlabAudit.check(backend);
        backend.close();
    }

    @Test
    void aMagazineHoldsHalfASlabAtMost() {
        Magazines magazines = new Magazines(groups);
        for (int group = 0; group < groups.count(); group++) {
            assertThat(magazines.roundsMax(group))
                    .isPositive()
                    .isEqualTo(Math.min(Magazines.ROUNDS_MAX, groups.slots(group) / 2));
        }
        assertThat(groups.slots(groups.of(PageKind.EPHEMERAL, 0)) / 2).isGreaterThan(Magazines.ROUNDS_MAX);
        assertThat(groups.slots(groups.ofChunks(PageKind.EPHEMERAL)) / 2).isLessThan(Magazines.ROUNDS_MAX);
    }

    @Test
    void aMagazineGivesBackWhatCameLast() {
        Magazines magazines = new Magazines(groups);
        for (int group = 0; group < groups.count(); group++) {
            assertThat(magazines.pop(group)).isEqualTo(SlabTable.NONE);
            for (int round = 0; round < magazines.roundsMax(group); round++) {
                assertThat(magazines.isFull(group)).isFalse();
                magazines.push(group, group * 100L + round);
            }
            assertThat(magazines.isFull(group)).isTrue();
        }
        for (int group = 0; group < groups.count(); group++) {
            for (int round = magazines.roundsMax(group) - 1; round >= 0; round--) {
                assertThat(magazines.pop(group)).isEqualTo(group * 100L + round);
            }
            assertThat(magazines.pop(group)).isEqualTo(SlabTable.NONE);
        }
    }

    @Test
    void eachStripeKnowsWhichOfItsMagazinesAreLoaded() {
        Magazines magazines = new Magazines(groups);
        for (int group = 0; group < groups.count(); group += 7) {
            magazines.push(group, group);
            magazines.push(group, group);
        }
        for (int stripe = 0; stripe < Stripes.COUNT; stripe++) {
            List<Integer> loaded = new ArrayList<>();
            for (int group; (group = magazines.firstLoaded(stripe)) != SlabTable.NONE; ) {
                assertThat(magazines.pop(group)).isEqualTo(group);
                if (magazines.pop(group) == SlabTable.NONE) {
                    break;
                }
                loaded.add(group);
            }
            List<Integer> expected = new ArrayList<>();
            for (int group = stripe; group < groups.count(); group += Stripes.COUNT) {
                if (group % 7 == 0) {
                    expected.add(group);
                }
            }
            assertThat(loaded).isEqualTo(expected);
        }
    }

    /** A magazine would keep them in use with slots that nobody has. */
    @Test
    void slabsWithoutCopiesAreFreeAtOnce() {
        Map<Integer, Integer> copiesInSlabs = new HashMap<>();
        List<Long> locators = new ArrayList<>();
        for (long locator; (locator = book.put(PageKind.PERSISTENT, LENGTH)) >= 0; ) {
            locators.add(locator);
            copiesInSlabs.merge(slab(locator), 1, Integer::sum);
        }
        assertThat(copiesInSlabs.values()).anyMatch(copies -> copies > 2 * Magazines.ROUNDS_MAX);
        Collections.shuffle(locators, random);
        for (long locator : locators) {
            book.flush(locator);
            copiesInSlabs.merge(slab(locator), -1, Integer::sum);
            copiesInSlabs.values().removeIf(copies -> copies == 0);
            assertThat(backend.usedBytes())
                    .isEqualTo((long) copiesInSlabs.size() * backend.geometry().slabBytes());
        }
        assertThat(backend.usedBytes()).isZero();
    }

    private static int slab(long locator) {
        return Locator.slab(Locator.place(locator));
    }

    @Test
    void theSlotThatWasFreedLastIsTakenFirst() {
        List<Long> locators = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            locators.add(book.put(PageKind.EPHEMERAL, LENGTH));
        }
        for (int freed : new int[] {17, 150, 60}) {
            book.flush(locators.get(freed));
        }
        for (int freed : new int[] {60, 150, 17}) {
            long again = book.put(PageKind.EPHEMERAL, LENGTH);
            assertThat(Locator.place(again)).isEqualTo(Locator.place(locators.get(freed)));
            assertThat(again).isNotEqualTo(locators.get(freed));
        }
    }

    /** It takes all stripes to look into another class, and then magazines are empty. */
    @Test
    void aSlotInAMagazineServesTheNextSmallerClass() {
        SizeClasses classes = backend.copies().classes();
        int longer = classes.slotBytes(classes.classOf(LENGTH));
        int shorter = classes.slotBytes(classes.classOf(LENGTH) - 1);
        long first = book.put(PageKind.PERSISTENT, longer);
        assertThat(book.fill(PageKind.PERSISTENT, longer)).isPositive();
        assertThat(book.put(PageKind.PERSISTENT, shorter)).isNegative();
        book.flush(first);
        assertThat(Locator.place(book.put(PageKind.PERSISTENT, shorter))).isEqualTo(Locator.place(first));
    }

    /** A copy freed from a slab that a claim empties leaves no slot there for others. */
    @Test
    void aClaimedSlabGetsItsSlotsBack() {
        book.fill(PageKind.PERSISTENT, LENGTH);
        book.flushAtRandom(random, 40);
        try (Claim claim = Objects.requireNonNull(backend.claim(ClaimGoal.FULL_COMPACTION, LENGTH))) {
            long[] locators = new long[100];
            int count = claim.copies(locators, new int[100]);
            assertThat(count).isGreaterThan(Magazines.ROUNDS_MAX);
            int slab = slab(locators[0]);
            for (int i = 0; i < count; i++) {
                assertThat(slab(locators[i])).isEqualTo(slab);
                book.flush(locators[i]);
                assertThat(slab(book.put(PageKind.PERSISTENT, LENGTH))).isNotEqualTo(slab);
            }
        }
    }
}
