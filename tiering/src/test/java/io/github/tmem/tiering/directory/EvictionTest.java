package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.directory.Directory.Choice;
import io.github.tmem.tiering.policy.PageClass;
import io.github.tmem.tiering.policy.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Victims as a shard chooses them, over pools of all sorts. */
class EvictionTest {
    private final Directory directory = new Directory(10_000, 10, 2);
    private final Shard shard = directory.shard(0);
    private final PoolLedger kept = directory.open(PoolConfig.ephemeral("kept").withGetMode(GetMode.INCLUSIVE), 1);
    private final PoolLedger handed =
            directory.open(PoolConfig.ephemeral("handed").withGetMode(GetMode.EXCLUSIVE), 2);
    private final PoolLedger dirty = directory.open(PoolConfig.persistent("dirty"), 3);
    private long stamps;

    @AfterEach
    void structureIsSound() {
        directory.checkInvariants();
        directory.close();
    }

    private <T> T locked(Supplier<T> task) {
        shard.lock();
        try {
            return task.get();
        } finally {
            shard.unlock();
        }
    }

    private void locked(Runnable task) {
        shard.lock();
        try {
            task.run();
        } finally {
            shard.unlock();
        }
    }

    private static Place in(int tier, int length) {
        Place place = new Place();
        place.stored(tier, 1, 0, length, 7);
        return place;
    }

    /** Puts a page that is not there. */
    private int put(PoolLedger pool, long index, int tier, int length) {
        TrackedObject object = directory.acquire(pool, ObjectId.of(1));
        int entry = directory.take(shard);
        directory.fillIn(entry, object, index, in(tier, length));
        locked(() -> {
            assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
        });
        return entry;
    }

    private void overwrite(int entry, Place place) {
        locked(() -> shard.overwrite(entry, ++stamps, place));
    }

    private void hit(int entry) {
        locked(() -> shard.markHit(entry));
    }

    private void move(int entry, int tier) {
        locked(() -> {
            Place place = in(tier, look(entry).length());
            if (tier > look(entry).tier()) {
                shard.sink(entry, place);
            } else {
                shard.swing(entry, place);
            }
        });
    }

    private void end(int entry, Ending ending) {
        locked(() -> shard.unlink(entry, ending));
        directory.give(entry);
    }

    private int victim(PoolLedger pool, int tier) {
        return locked(() -> shard.victim(pool, tier, 0, Choice.RESTING));
    }

    private int evict(PoolLedger pool, int tier) {
        int victim = victim(pool, tier);
        end(victim, Ending.EVICTED);
        return victim;
    }

    private Look look(int entry) {
        Look look = new Look();
        locked(() -> shard.look(entry, look));
        return look;
    }

    private int standing(int entry) {
        return look(entry).standing();
    }

    private long ghostBytes() {
        return locked(shard::ghostBytes);
    }

    // ---- pages on the move

    /** Pages that one word fills have no bytes to rank them by. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageHitTwiceOutlivesOneNeverHit(boolean filled) {
        int hot = put(kept, 0, 0, 100);
        int cold = put(kept, 1, 0, 100);
        if (filled) {
            Place place = new Place();
            place.filled(0);
            overwrite(hot, place);
            overwrite(cold, place);
        }
        hit(hot);
        hit(hot);
        assertThat(victim(kept, filled ? Directory.WITHOUT_COPY : 0)).isEqualTo(cold);
    }

    @Test
    void aPageThatSinksKeepsItsClassAndLosesItsCredit() {
        int page = put(kept, 0, 0, 100);
        for (int i = 0; i < 2; i++) {
            hit(page);
        }
        put(kept, 1, 0, 100);
        victim(kept, 0); // finds the first proven
        hit(page);
        hit(page);
        assertThat(standing(page)).isEqualTo(Standing.proven(2));
        move(page, 1);
        assertThat(standing(page)).isEqualTo(Standing.proven(0));
        hit(page);
        move(page, 0);
        assertThat(standing(page)).as("on the way up").isEqualTo(Standing.proven(1));
        int newcomer = put(kept, 2, 1, 100);
        hit(newcomer);
        move(newcomer, 2);
        assertThat(standing(newcomer)).isEqualTo(Standing.NEWCOMER);
    }

    @Test
    void aProvenPageThatSankOutlivesNewcomersThere() {
        int proven = put(kept, 0, 0, 100);
        hit(proven);
        hit(proven);
        put(kept, 1, 0, 100);
        victim(kept, 0);
        move(proven, 1);
        List<Integer> newcomers = new ArrayList<>();
        for (int i = 2; i < 12; i++) {
            newcomers.add(put(kept, i, 1, 100));
        }
        assertThat(evict(kept, 1)).isEqualTo(newcomers.getFirst());
        assertThat(evict(kept, 1)).isEqualTo(newcomers.get(1));
    }

    @ParameterizedTest
    @EnumSource
    void onlyPagesThatLeaveTheChainAreRemembered(GetMode mode) {
        PoolLedger pool = mode == GetMode.INCLUSIVE ? kept : handed;
        int page = put(pool, 5, 0, 100);
        move(page, 1);
        move(page, 2);
        assertThat(ghostBytes()).as("a demotion leaves no ghost").isZero();
        end(page, Ending.FLUSHED);
        assertThat(ghostBytes()).isZero();
        page = put(pool, 5, 0, 100);
        assertThat(Standing.isProven(standing(page))).isFalse();
        end(page, Ending.DROPPED);
        page = put(pool, 5, 0, 100);
        assertThat(Standing.isProven(standing(page))).isFalse();
        end(page, Ending.EVICTED);
        assertThat(ghostBytes()).isPositive();
        page = put(pool, 5, 0, 100);
        assertThat(Standing.isProven(standing(page))).isTrue();
        int other = put(pool, 6, 0, 100);
        assertThat(Standing.isProven(standing(other))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 51})
    void aPageThatComesBackHasACreditIfItHasHalfTheMeanLength(int length) {
        int gone = put(handed, 5, 0, 100);
        end(gone, Ending.EVICTED);
        put(handed, 0, 0, 50);
        put(handed, 1, 0, 150);
        assertThat(standing(put(handed, 5, 0, length))).isEqualTo(Standing.proven(length == 50 ? 1 : 0));
    }

    @Test
    void aPageHandedOutIsRemembered() {
        int page = put(handed, 5, 0, 100);
        end(page, Ending.TAKEN);
        page = put(handed, 5, 0, 100);
        assertThat(Standing.isProven(standing(page))).isTrue();
        end(page, Ending.TAKEN);
        page = put(handed, 5, 0, 100);
        assertThat(standing(page)).as("from the protected queue").isEqualTo(Standing.proven(3));
    }

    @Test
    void persistentPagesLeaveNoGhosts() {
        int page = put(dirty, 5, 0, 100);
        end(page, Ending.TAKEN);
        assertThat(ghostBytes()).isZero();
        assertThat(standing(put(dirty, 5, 0, 100))).isEqualTo(Standing.NEWCOMER);
    }

    // ---- persistent pages

    @Test
    void persistentPagesGoInOrderOfArrivalAndOnceMoreRoundAfterAHit() {
        List<Integer> pages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pages.add(put(dirty, i, 0, 100));
        }
        hit(pages.get(0));
        hit(pages.get(0));
        hit(pages.get(2));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int victim = victim(dirty, 0);
            order.add(victim);
            move(victim, 1);
        }
        assertThat(order).containsExactly(pages.get(1), pages.get(3), pages.get(0), pages.get(2));
        assertThat(victim(dirty, 0)).isEqualTo(Shard.NONE);
        assertThat(victim(dirty, 1)).isEqualTo(pages.get(1));
    }

    @Test
    void aChoiceAmongPersistentPagesThatWereAllHitIsBounded() {
        List<Integer> pages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pages.add(put(dirty, i, 0, 100));
        }
        pages.forEach(this::hit);
        assertThat(victim(dirty, 0)).isEqualTo(pages.get(16));
        assertThat(pages.stream().filter(page -> standing(page) == Standing.NEWCOMER))
                .hasSize(16);
    }

    // ---- pools of several sorts

    @Test
    void hiddenPagesAreAChoiceOfTheirOwn() {
        int first = put(handed, 0, 0, 1_000);
        int other = put(kept, 1, 0, 400);
        locked(() -> shard.hide(first));
        assertThat(victim(handed, 0)).isEqualTo(Shard.NONE);
        assertThat(locked(() -> shard.victim(handed, 0, 0, Choice.HIDDEN))).isEqualTo(first);
        assertThat(locked(() -> shard.victim(kept, 0, 0, Choice.HIDDEN))).isEqualTo(Shard.NONE);
        assertThat(victim(kept, 0)).isEqualTo(other);
        locked(() -> shard.unhide(first));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void victimsAreOfThePoolAskedFor(long seed) {
        Random random = new Random(seed);
        List<PoolLedger> pools = List.of(kept, handed, dirty);
        Map<Long, Integer> entries = new HashMap<>();
        int[] chosen = new int[pools.size()];
        for (int i = 0; i < 20_000; i++) {
            PoolLedger pool = pools.get(random.nextInt(3));
            long index = random.nextInt(1_000) * 3L + pools.indexOf(pool);
            Integer entry = entries.get(index);
            if (entry == null) {
                entries.put(index, put(pool, index, random.nextInt(3), random.nextInt(4_000)));
            } else if (random.nextInt(4) > 0) {
                hit(entry);
            } else if (random.nextBoolean()) {
                overwrite(entry, in(random.nextInt(3), random.nextInt(4_000)));
            } else {
                move(entry, random.nextInt(3));
            }
            PoolLedger from = pools.get(random.nextInt(3));
            int tier = random.nextInt(3);
            int victim = locked(() -> shard.victim(from, tier, random.nextInt(4_000), Choice.RESTING));
            if (victim != Shard.NONE) {
                Look look = look(victim);
                assertThat(look.object().pool()).as("seed %d, step %d", seed, i).isSameAs(from);
                assertThat(look.tier()).isEqualTo(tier);
                chosen[pools.indexOf(from)]++;
                if (random.nextInt(3) == 0) {
                    entries.remove(look.index());
                    end(victim, from == dirty ? Ending.FLUSHED : Ending.EVICTED);
                }
            }
        }
        assertThat(Arrays.stream(chosen).min().orElseThrow()).isGreaterThan(1_000);
    }

    // ---- overwrites

    @Test
    void anOverwriteInTheSameTierKeepsThePlaceInTheQueue() {
        int first = put(handed, 0, 0, 100);
        int second = put(handed, 1, 0, 200);
        overwrite(first, in(0, 300));
        assertThat(restingInOrder(handed, 0)).containsExactly(first, second);
        assertThat(directory.holdings(0).encodedBytes()).isEqualTo(500);
        assertThat(directory.stats(handed).replaced()).isEqualTo(1);
        assertThat(handed.pages()).isEqualTo(2);
    }

    @Test
    void anOverwriteIsAUseOfAPersistentPage() {
        int first = put(dirty, 0, 0, 100);
        int second = put(dirty, 1, 0, 200);
        overwrite(first, in(0, 300));
        assertThat(restingInOrder(dirty, 0)).containsExactly(second, first);
        assertThat(directory.holdings(0).encodedBytes()).isEqualTo(500);
    }

    /** The resting pages of a pool as they would be chosen, found by hiding one after the other. */
    private List<Integer> restingInOrder(PoolLedger pool, int tier) {
        List<Integer> order = new ArrayList<>();
        locked(() -> {
            int next = shard.victim(pool, tier, 0, Choice.RESTING);
            while (next != Shard.NONE) {
                order.add(next);
                shard.hide(next);
                next = shard.victim(pool, tier, 0, Choice.RESTING);
            }
            order.forEach(shard::unhide);
        });
        return order;
    }

    @Test
    void anOverwriteIntoAnotherTierIsTheYoungestThere() {
        int first = put(handed, 0, 0, 1_000);
        int second = put(handed, 1, 0, 1_000);
        int below = put(handed, 2, 1, 1_000);
        overwrite(first, in(1, 900));
        assertThat(restingInOrder(handed, 0)).containsExactly(second);
        assertThat(restingInOrder(handed, 1)).containsExactly(below, first);
        overwrite(first, in(0, 800));
        assertThat(restingInOrder(handed, 0)).containsExactly(second, first);
        assertThat(directory.holdings(0).encodedBytes()).isEqualTo(1_800);
        assertThat(directory.holdings(1).encodedBytes()).isEqualTo(1_000);
    }

    @Test
    void anOverwriteOfAPageOnTheMoveRestsAgain() {
        int first = put(handed, 0, 0, 1_000);
        int second = put(handed, 1, 0, 1_000);
        locked(() -> shard.hide(first));
        overwrite(first, in(0, 700));
        assertThat(restingInOrder(handed, 0)).containsExactly(second, first);
        assertThat(directory.holdings(0).encodedBytes()).isEqualTo(1_700);
    }

    @Test
    void anOverwriteOfALostOrGivenUpPageRestsAgain() {
        int lost = put(dirty, 0, 0, 1_000);
        int givenUp = put(dirty, 1, 0, 1_000);
        locked(() -> shard.markLost(lost));
        locked(() -> shard.markReplacing(givenUp, ++stamps));
        assertThat(victim(dirty, 0)).isEqualTo(Shard.NONE);
        assertThat(directory.holdings(Directory.WITHOUT_COPY).pages(PageKind.PERSISTENT))
                .isEqualTo(2);
        overwrite(lost, in(0, 500));
        overwrite(givenUp, in(0, 600));
        assertThat(restingInOrder(dirty, 0)).containsExactly(lost, givenUp);
        assertThat(directory.holdings(0).encodedBytes()).isEqualTo(1_100);
        assertThat(directory.holdings(0).pages(PageKind.PERSISTENT)).isEqualTo(2);
        assertThat(directory.stats(dirty).lost()).isEqualTo(1);
        assertThat(directory.stats(dirty).replaced()).isEqualTo(1);
        assertThat(directory.stats(dirty).stored()).isEqualTo(4);
        assertThat(dirty.pages()).isEqualTo(2);
    }

    @Test
    void whatAPageWasWorthIsNotForgottenWithItsCopy() {
        int lost = put(dirty, 0, 0, 1_000);
        int givenUp = put(kept, 1, 0, 1_000);
        hit(lost);
        hit(givenUp);
        int before = standing(givenUp);
        locked(() -> shard.markLost(lost));
        locked(() -> shard.markReplacing(givenUp, ++stamps));
        assertThat(Standing.credit(standing(lost))).isEqualTo(1);
        assertThat(standing(givenUp)).isEqualTo(before).isNotEqualTo(Standing.NEWCOMER);
    }

    @Test
    void anOverwriteIsAUseOfAPageThatGetsKeep() {
        int page = put(kept, 0, 0, 100);
        overwrite(page, in(0, 100));
        overwrite(page, in(0, 100));
        int other = put(kept, 1, 0, 100);
        assertThat(victim(kept, 0)).as("used twice").isEqualTo(other);
        assertThat(standing(page)).isEqualTo(Standing.proven(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void bytesAndQueuesStayRightOverRandomOverwrites(long seed) {
        Random random = new Random(seed);
        List<PoolLedger> pools = List.of(kept, handed, dirty);
        Map<Long, Integer> entries = new TreeMap<>();
        Place filled = new Place();
        for (int i = 0; i < 5_000; i++) {
            long index = random.nextInt(60);
            PoolLedger pool = pools.get((int) index % 3);
            Integer entry = entries.get(index);
            int choice = random.nextInt(12);
            if (entry == null) {
                entries.put(index, put(pool, index, random.nextInt(3), random.nextInt(4_000)));
            } else if (choice < 6) {
                filled.filled(random.nextLong());
                overwrite(entry, choice == 0 ? filled : in(random.nextInt(3), random.nextInt(4_000)));
            } else if (choice < 8) {
                hit(entry);
            } else if (choice == 8 && pool == dirty) {
                locked(() -> shard.markLost(entry));
            } else if (choice == 9) {
                locked(() -> shard.markReplacing(entry, ++stamps));
            } else if (choice == 10) {
                entries.remove(index);
                end(entry, Ending.EVICTED);
            } else {
                victim(pool, random.nextInt(3));
            }
            if (i % 100 == 0) {
                checkTotals(entries);
            }
        }
        checkTotals(entries);
    }

    private void checkTotals(Map<Long, Integer> entries) {
        directory.checkInvariants();
        for (int tier = 0; tier < 3; tier++) {
            long bytes = 0;
            for (int entry : entries.values()) {
                Look look = look(entry);
                bytes += look.tier() == tier ? look.length() : 0;
            }
            assertThat(directory.holdings(tier).encodedBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void totalsCountPagesOfAllTiersWithACopy() {
        Random random = new Random(9);
        EntryTable table = new EntryTable(0);
        PageQueues queues = new PageQueues(table);
        Set<Integer> queued = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            if (queued.size() < 50) {
                int entry = table.take();
                queues.prepare(entry);
                table.meta(entry, randomMeta(random));
                queues.add(entry);
                queued.add(entry);
            } else {
                List<Integer> all = List.copyOf(queued);
                int entry = all.get(random.nextInt(all.size()));
                change(random, table, queues, entry);
                if (random.nextInt(5) == 0) {
                    queues.remove(entry);
                    queued.remove(entry);
                    table.give(entry);
                }
            }
        }
        for (PageClass pageClass : PageClass.values()) {
            List<Integer> counted = queued.stream()
                    .filter(entry -> PageClass.of(queues.standing(entry)) == pageClass)
                    .filter(entry -> EntryDescriptor.tier(table.meta(entry)) != PageQueues.NO_TIER)
                    .toList();
            assertThat(queues.totalPages(pageClass)).isEqualTo(counted.size());
            assertThat(queues.totalBytes(pageClass))
                    .isEqualTo(counted.stream().mapToLong(queues::length).sum());
        }
        for (int tier : new int[] {0, 1, 2, 3, PageQueues.NO_TIER}) {
            checkChoices(table, queues, queued, tier);
        }
        assertThat(queues.size(Choice.RESTING) + queues.size(Choice.HIDDEN)).isEqualTo(queued.size());
        assertThat(queues.size(Choice.HIDDEN))
                .isEqualTo(queued.stream()
                        .filter(entry -> EntryDescriptor.isHidden(table.meta(entry)))
                        .count());
        assertThat(queues.checkedTotal()).isEqualTo(queued.size());
        table.close();
    }

    private static void checkChoices(EntryTable table, PageQueues queues, Set<Integer> queued, int tier) {
        for (Choice choice : Choice.values()) {
            List<Integer> there = queued.stream()
                    .filter(entry -> EntryDescriptor.tier(table.meta(entry)) == tier)
                    .filter(entry -> EntryDescriptor.isHidden(table.meta(entry)) == (choice == Choice.HIDDEN))
                    .toList();
            assertThat(queues.size(tier, choice)).isEqualTo(there.size());
            assertThat(queues.bytes(tier, choice))
                    .isEqualTo(there.stream()
                            .mapToLong(entry -> tier == PageQueues.NO_TIER ? 1 : queues.length(entry))
                            .sum());
        }
    }

    @Test
    void queuesThatWereNeverUsedAreEmpty() {
        EntryTable table = new EntryTable(0);
        PageQueues queues = new PageQueues(table);
        int entry = table.take();
        queues.prepare(entry);
        table.meta(entry, EntryDescriptor.meta(EntryState.STORED, 0, 0, 100));
        queues.add(entry);
        for (PageClass pageClass : PageClass.values()) {
            assertThat(queues.bytes(1, pageClass)).isZero();
            assertThat(queues.oldest(1, pageClass)).isEqualTo(EntryTable.NONE);
        }
        assertThat(queues.bytes(0, PageClass.NEWCOMER)).isEqualTo(100);
        table.close();
    }

    private static int randomMeta(Random random) {
        int tier = random.nextInt(4);
        int meta = EntryDescriptor.meta(
                EntryState.STORED, tier == 3 ? PageQueues.NO_TIER : tier, 0, random.nextInt(4_000));
        meta = EntryDescriptor.withStanding(meta, random.nextBoolean() ? Standing.proven(0) : Standing.NEWCOMER);
        return random.nextBoolean() ? EntryDescriptor.hidden(meta) : meta;
    }

    private static void change(Random random, EntryTable table, PageQueues queues, int entry) {
        int before = table.meta(entry);
        if (random.nextBoolean()) {
            int length = EntryDescriptor.length(before);
            int longer = random.nextInt(4_000);
            table.meta(entry, before - length + longer);
            queues.resize(entry, length);
        } else {
            queues.requeue(entry, random.nextBoolean() ? Standing.proven(1) : Standing.NEWCOMER);
        }
    }
}
