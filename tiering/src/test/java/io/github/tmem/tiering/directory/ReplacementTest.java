package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.policy.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries whose page is replaced: where it stands in the queues then, and what is counted. */
class ReplacementTest extends PoolsOfAShard {
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
        giveUp(givenUp);
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
        giveUp(givenUp);
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
                giveUp(entry);
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
}
