package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.tiering.policy.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Victims as a shard chooses them, over pools of all sorts. */
class EvictionTest extends PoolsOfAShard {
    private int evict(PoolLedger pool, int tier) {
        int victim = victim(pool, tier);
        end(victim, Ending.EVICTED);
        return victim;
    }

    private long ghostBytes() {
        return locked(() -> shard.tenants().ghostBytes());
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
}
