package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;

/** What the counters of a store at rest must add up to (L11). */
public final class StatsLaws {

    private StatsLaws() {}

    /** Checks one pool: every page stored is held, or ended in exactly one of the ways a page can end. */
    public static void check(PoolStats pool) {
        long ended = pool.flushed() + pool.evicted() + pool.taken() + pool.replaced() + pool.lost() + pool.dropped();
        assertThat(pool.stored())
                .as("stored = pages + flushed + evicted + taken + replaced + lost + dropped in %s", pool)
                .isEqualTo(pool.pages() + ended);
        assertThat(pool.sameFilled()).as("sameFilled of %s", pool).isBetween(0L, pool.pages());
    }

    /** Checks all pools and tiers, and that the pages of the pools are those of the tiers and of the directory. */
    public static void check(StoreStats stats) {
        stats.pools().forEach(StatsLaws::check);
        stats.tiers().forEach(StatsLaws::check);
        assertThat(stats.directories())
                .allSatisfy(directory -> assertThat(directory.ghostBytes())
                        .as("ghostBytes of %s", directory)
                        .isBetween(0L, directory.bytes()));
        long pages = stats.pools().stream().mapToLong(PoolStats::pages).sum();
        long sameFilled =
                stats.pools().stream().mapToLong(PoolStats::sameFilled).sum();
        long entries =
                stats.directories().stream().mapToLong(DirectoryStats::entries).sum();
        assertThat(entries).as("directory entries = pages").isEqualTo(pages);
        long inTiers = stats.tiers().stream()
                .mapToLong(tier -> tier.ephemeralPages() + tier.persistentPages())
                .sum();
        long lost = stats.pools().stream().mapToLong(PoolStats::lostPages).sum();
        assertThat(inTiers).as("pages in tiers").isEqualTo(pages - sameFilled - lost);
    }

    private static void check(TierStats tier) {
        assertThat(tier.usedBytes()).as("usedBytes of %s", tier).isBetween(0L, tier.capacityBytes());
        assertThat(tier.ephemeralPages()).as("ephemeralPages of %s", tier).isNotNegative();
        assertThat(tier.persistentPages()).as("persistentPages of %s", tier).isNotNegative();
        assertThat(tier.encodedBytes()).as("encodedBytes of %s", tier).isBetween(0L, tier.usedBytes());
        assertThat(tier.rawBytes()).as("rawBytes of %s", tier).isNotNegative();
        assertThat(tier.freesOwed()).as("freesOwed of %s", tier).isNotNegative();
        assertThat(tier.metadataBytes()).as("metadataBytes of %s", tier).isNotNegative();
    }
}
