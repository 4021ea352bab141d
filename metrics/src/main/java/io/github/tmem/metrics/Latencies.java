package io.github.tmem.metrics;

import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Feeds the sampled times of operations into a timer for each chain, tier and operation. The timers are there before the
 * first sample, so that recording is a short search and allocates nothing. A sample of a tier that has come since the
 * last {@link #follow} is passed over. {@link #record} is thread-safe; the rest belongs to one thread at a time.
 */
final class Latencies implements Recorder {
    private static final String NAME = "tmem.latency";
    private static final int DECADES = 5;

    /**
     * From 500 ns to 100 ms, three steps a decade. A percentile histogram would have 92 for every timer. Bounds further
     * below 1 µs would all be called 0 by registries that show bounds as gauges.
     */
    private static final Duration[] BOUNDS = bounds();

    /** What can happen without a tier. */
    private static final Set<Operation> ANYWHERE = EnumSet.complementOf(EnumSet.of(Operation.DEMOTE));

    /** What can happen in the first tier of a chain. */
    private static final Set<Operation> FIRST = EnumSet.of(Operation.PUT, Operation.GET_HIT, Operation.FLUSH);

    /** What can happen in a tier below another. */
    private static final Set<Operation> LOWER =
            EnumSet.of(Operation.PUT, Operation.GET_HIT, Operation.FLUSH, Operation.DEMOTE);

    private final MeterRegistry registry;
    private final Tags common;
    private volatile Series[] series = {};

    /** The timers of one tier of a chain, or of what happens without a tier. */
    private record Series(String chain, String tier, Map<Operation, Timer> timers) {
        boolean isOf(String ofChain, String ofTier) {
            return tier.equals(ofTier) && chain.equals(ofChain);
        }
    }

    Latencies(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    private static Duration[] bounds() {
        List<Duration> bounds = new ArrayList<>();
        long nanos = 500;
        bounds.add(Duration.ofNanos(nanos));
        for (int i = 0; i < DECADES; i++) {
            bounds.add(Duration.ofNanos(2 * nanos));
            bounds.add(Duration.ofNanos(4 * nanos));
            bounds.add(Duration.ofNanos(10 * nanos));
            nanos *= 10;
        }
        bounds.add(Duration.ofNanos(2 * nanos));
        return bounds.toArray(Duration[]::new);
    }

    @Override
    public void record(Operation operation, String chain, String tier, long nanos) {
        for (Series one : series) {
            if (one.isOf(chain, tier)) {
                Timer timer = one.timers.get(operation);
                if (timer != null) {
                    timer.record(nanos, TimeUnit.NANOSECONDS);
                }
                return;
            }
        }
    }

    /** From now on there are timers for the chains and tiers of {@code stats}, and no others. */
    void follow(StoreStats stats) {
        List<Series> current = new ArrayList<>();
        for (DirectoryStats directory : stats.directories()) {
            current.add(seriesOf(directory.chain(), NO_TIER, ANYWHERE));
            Set<Operation> possible = FIRST;
            for (TierStats tier : stats.tiers()) {
                if (tier.chain().equals(directory.chain())) {
                    current.add(seriesOf(tier.chain(), tier.tier(), possible));
                    possible = LOWER;
                }
            }
        }
        Series[] before = series;
        series = current.toArray(Series[]::new);
        for (Series one : before) {
            if (!current.contains(one)) {
                remove(one);
            }
        }
    }

    private Series seriesOf(String chain, String tier, Set<Operation> possible) {
        for (Series one : series) {
            if (one.isOf(chain, tier) && one.timers.keySet().equals(possible)) {
                return one;
            }
        }
        Map<Operation, Timer> timers = new EnumMap<>(Operation.class);
        possible.forEach(operation -> timers.put(operation, timer(operation, chain, tier)));
        return new Series(chain, tier, timers);
    }

    private Timer timer(Operation operation, String chain, String tier) {
        return Timer.builder(NAME)
                .tags(common.and("chain", chain, "tier", tier, "operation", Words.of(operation)))
                .description("How long operations took, of one in " + SAMPLED_ONE_IN + ", chosen at random")
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    /** Removes all timers. */
    void remove() {
        Series[] before = series;
        series = new Series[0];
        for (Series one : before) {
            remove(one);
        }
    }

    private void remove(Series gone) {
        gone.timers.values().forEach(registry::remove);
    }
}
