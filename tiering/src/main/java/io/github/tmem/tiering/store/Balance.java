package io.github.tmem.tiering.store;

import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import java.util.List;
import java.util.function.ToLongFunction;

/** Compares the counts of a store at rest with each other (L11); throws {@link AssertionError} when they do not add up. */
final class Balance {
    private final StoreStats stats;

    Balance(StoreStats stats) {
        this.stats = stats;
    }

    /** What holds at any time: what the pools hold is in tiers and directories. */
    void check() {
        stats.pools().forEach(this::checkEndings);
        equal("directory entries", directories(DirectoryStats::entries), pools(PoolStats::pages));
        equal(
                "pages in tiers",
                tiers(TierStats::ephemeralPages) + tiers(TierStats::persistentPages),
                pools(pool -> pool.pages() - pool.sameFilled() - pool.lostPages()));
        equal("encoded bytes", tiers(TierStats::encodedBytes), pools(PoolStats::encodedBytes));
    }

    /** What holds as long as the chains have the tiers they began with: what leaves one tier comes to another. */
    void checkFlows() {
        for (DirectoryStats directory : stats.directories()) {
            checkFlows(stats.tiers().stream()
                    .filter(tier -> tier.chain().equals(directory.chain()))
                    .toList());
        }
    }

    private void checkEndings(PoolStats pool) {
        long ended = pool.flushed() + pool.evicted() + pool.taken() + pool.replaced() + pool.lost() + pool.dropped();
        equal("pages stored in " + pool.name(), pool.stored(), pool.pages() + ended);
    }

    private void checkFlows(List<TierStats> chain) {
        equal("demoted pages", sum(chain, TierStats::demotedOut), sum(chain, TierStats::demotedIn));
        equal("promoted pages", sum(chain, TierStats::promotedOut), sum(chain, TierStats::promotedIn));
        for (int i = 1; i < chain.size(); i++) {
            TierStats above = chain.get(i - 1);
            equal("puts that came to " + chain.get(i).tier(), offered(chain.get(i)), offered(above) - above.stored());
        }
    }

    /** Puts that came to a tier. */
    private static long offered(TierStats tier) {
        return tier.stored()
                + tier.full()
                + tier.declined()
                + tier.unavailable()
                + tier.frozen()
                + tier.incompressible();
    }

    /** What holds as long as no pool was closed: what tiers and directories did, they did for these pools. */
    void checkSums() {
        long stored = directories(DirectoryStats::stored) + tiers(TierStats::stored);
        equal("puts stored", stored, pools(PoolStats::stored));
        equal("hits", directories(DirectoryStats::hits) + tiers(TierStats::hits), pools(PoolStats::hits));
        equal(
                "pages evicted",
                directories(DirectoryStats::evicted) + tiers(TierStats::evicted),
                pools(PoolStats::evicted));
        equal("pages dropped", tiers(TierStats::dropped), pools(PoolStats::dropped));
        equal("pages lost", tiers(TierStats::lost), pools(pool -> pool.lost() + pool.lostPages()));
        long refusedByLast = stats.directories().stream()
                .mapToLong(directory -> refusedByLast(directory.chain()))
                .sum();
        long refused = pools(Balance::refusedByTiers);
        long mayBeByPools = pools(pool -> pool.refused().getOrDefault(Refusal.FROZEN, 0L)); // by tiers or by themselves
        equal("puts refused by tiers", Math.clamp(refusedByLast, refused - mayBeByPools, refused), refusedByLast);
    }

    private static long refusedByTiers(PoolStats pool) {
        long byOthers = pool.refused().getOrDefault(Refusal.DIRECTORY_FULL, 0L)
                + pool.refused().getOrDefault(Refusal.OVER_QUOTA, 0L)
                + pool.refused().getOrDefault(Refusal.OUTDATED, 0L)
                + pool.refused().getOrDefault(Refusal.WRONG_INDEX, 0L);
        return pool.refusedTotal() - byOthers;
    }

    /** Puts that came to the last tier of a chain, and were not stored there either. */
    private long refusedByLast(String chain) {
        return stats.tiers().stream()
                .filter(tier -> tier.chain().equals(chain))
                .reduce((earlier, later) -> later)
                .map(last -> offered(last) - last.stored())
                .orElse(0L);
    }

    private long pools(ToLongFunction<PoolStats> count) {
        return sum(stats.pools(), count);
    }

    private long tiers(ToLongFunction<TierStats> count) {
        return sum(stats.tiers(), count);
    }

    private long directories(ToLongFunction<DirectoryStats> count) {
        return sum(stats.directories(), count);
    }

    private static <T> long sum(List<T> rows, ToLongFunction<T> count) {
        return rows.stream().mapToLong(count).sum();
    }

    private void equal(String what, long left, long right) {
        if (left != right) {
            throw new AssertionError(what + " do not add up, " + left + " and " + right + ": " + stats);
        }
    }
}
