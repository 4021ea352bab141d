package io.github.tmem.tiering.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.api.stats.TierStats;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Books that balance, and the same with one count changed: every comparison can fail. */
class BalanceTest {
    /** Misses, gets of pages out of reach and gets of lost pages: no other count knows of them. */
    private static final Set<Integer> BALANCED_BY_NOTHING = Set.of(6, 7, 14);

    private static final int TIER_COUNTS = 14;
    private static final int FIRST_TIER = 15;
    private static final int SECOND_TIER = FIRST_TIER + TIER_COUNTS;
    private static final int DIRECTORY = SECOND_TIER + TIER_COUNTS;
    private static final int ENCODED = DIRECTORY + 4;

    private static long[] counts() {
        return new long[] {
            // the pool: pages, same-filled, lost pages, stored, refused as full, hits, misses, unavailable
            8,
            1,
            1,
            20,
            2,
            5,
            4,
            1,
            // flushed, evicted, taken, replaced, lost, dropped, gets of lost pages
            3,
            3,
            1,
            2,
            1,
            2,
            1,
            // the first tier: pages of both kinds; puts stored, full, declined, unavailable; hits, evicted
            3,
            1,
            12,
            3,
            2,
            1,
            3,
            2,
            // demoted out and in, promoted out and in, dropped, lost
            3,
            0,
            0,
            1,
            2,
            2,
            // the second tier
            1,
            1,
            4,
            1,
            1,
            0,
            1,
            0,
            0,
            3,
            1,
            0,
            0,
            0,
            // the directory: entries, stored, hits, evicted; encoded bytes of the pool, and of the tiers
            8,
            4,
            1,
            1,
            900,
            500,
            400
        };
    }

    private static StoreStats books(long[] counts) {
        int d = DIRECTORY;
        return new StoreStats(
                List.of(tier("first", counts, FIRST_TIER), tier("second", counts, SECOND_TIER)),
                List.of(pool(counts)),
                List.of(new DirectoryStats(
                        "chain", 1, counts[d], 100, 1000, counts[d + 1], counts[d + 2], counts[d + 3], 0)));
    }

    private static PoolStats pool(long[] c) {
        return new PoolStats(
                "pool",
                PageKind.PERSISTENT,
                4096,
                c[0],
                c[1],
                c[2],
                c[3],
                Map.of(Refusal.FULL, c[4], Refusal.DIRECTORY_FULL, 7L, Refusal.OVER_QUOTA, 5L),
                c[5],
                c[6],
                c[7],
                c[8],
                c[9],
                c[10],
                c[11],
                c[12],
                c[13],
                c[14],
                c[ENCODED],
                1_000,
                1);
    }

    private static TierStats tier(String name, long[] c, int at) {
        return new TierStats(
                "chain",
                name,
                "none",
                TierState.OPEN,
                1,
                0,
                c[ENCODED + 1 + (at - FIRST_TIER) / TIER_COUNTS],
                0,
                c[at],
                c[at + 1],
                c[at + 2],
                c[at + 3],
                c[at + 4],
                c[at + 5],
                0,
                0,
                0,
                0,
                c[at + 6],
                c[at + 7],
                c[at + 8],
                c[at + 9],
                c[at + 10],
                c[at + 11],
                0,
                0,
                0,
                0,
                c[at + 12],
                c[at + 13],
                0,
                0);
    }

    private static void check(StoreStats stats) {
        Balance balance = new Balance(stats);
        balance.check();
        balance.checkFlows();
        balance.checkSums();
    }

    static IntStream balanced() {
        return IntStream.range(0, counts().length).filter(count -> !BALANCED_BY_NOTHING.contains(count));
    }

    @Test
    void booksThatBalanceAreLeftAlone() {
        assertThatCode(() -> check(books(counts()))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("balanced")
    void oneCountTooHighIsFound(int count) {
        long[] counts = counts();
        counts[count]++;
        assertThatThrownBy(() -> check(books(counts)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("do not add up");
    }
}
