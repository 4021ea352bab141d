package io.github.tmem.bench.mixed;

import io.github.tmem.bench.work.PageSet;
import java.time.Duration;

/**
 * How much a mixed run does.
 *
 * @param length how long it is measured
 * @param tick how often it tells its rate
 * @param tierBytes the capacity of each of the two tiers, a multiple of 128 KiB
 * @param set the pages
 */
public record MixedPlan(Duration length, Duration tick, long tierBytes, PageSet set) {
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final long TIER_BYTES = 16 << 20;

    /** A run of this length. */
    public static MixedPlan of(Duration length, PageSet set) {
        return new MixedPlan(length, TICK, TIER_BYTES, set);
    }

    /** The pages that are there to be got again and put over: as many bytes as the tiers have, about half of what they hold. */
    int slots() {
        return Math.toIntExact(2 * tierBytes / PageSet.PAGE_SIZE);
    }
}
