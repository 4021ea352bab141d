package io.github.tmem.bench.measure;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.timing.StealMeter;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * How long single puts take at a full chain of two tiers, where every put pushes pages down and out; beside a loop of bare
 * LZ4, which shows what the machine itself adds.
 */
public final class Pause implements Measurement {
    private static final double PERCENTILE = 99.99;
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private static final int DIGITS = 3;
    private static final int REPEATS_MAX = 3;
    private static final double STEAL_MAX_PERCENT = 2;

    @Override
    public String name() {
        return "pauses";
    }

    @Override
    public int steps(Plan plan) {
        return plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        PageSet set = PageSet.preferred("db", plan.sets());
        Keys keys = new Keys(plan.keys());
        long bytes = Math.max(1 << 20, (long) plan.keys() * PageSet.PAGE_SIZE / 16);
        try (BenchStore store = BenchStore.open(
                        PageSet.PAGE_SIZE,
                        128L * plan.keys(),
                        TierConfig.of("heap", Size.ofBytes(bytes)),
                        TierConfig.of("offheap", Size.ofBytes(bytes)));
                BareLz4 lz4 = new BareLz4()) {
            store.offer(keys, set);
            Loop loop = new Loop(store, lz4, set, new SplittableRandom(1));
            double[] put = new double[plan.rounds().rounds()];
            double[] bare = new double[put.length];
            Histogram allPuts = histogram();
            Histogram allBare = histogram();
            for (int round = -plan.rounds().warmups(); round < put.length; round++) {
                Histogram puts = quiet(() -> loop.puts(plan.pausePuts()), results);
                Histogram compressions = quiet(() -> loop.compressions(plan.pausePuts()), results);
                if (round >= 0) {
                    put[round] = micros(puts, PERCENTILE);
                    bare[round] = micros(compressions, PERCENTILE);
                    allPuts.add(puts);
                    allBare.add(compressions);
                }
                step.run();
            }
            add(set.name() + ", heap > offheap", allPuts, put, results);
            results.detail("bare LZ4 p99.99, µs", whole(allBare, bare));
            results.detail("put at a full chain, longest, µs", Spread.exactly(micros(allPuts, 100)));
            results.detail("bare LZ4, longest, µs", Spread.exactly(micros(allBare, 100)));
        }
    }

    private static void add(String of, Histogram all, double[] rounds, Results results) {
        results.add(Budget.PUT_P9999_US, of, whole(all, rounds));
    }

    /** The percentile of all rounds together, between those of single rounds. */
    private static Spread whole(Histogram all, double[] rounds) {
        Spread single = Spread.of(rounds);
        return new Spread(single.low(), micros(all, PERCENTILE), single.high());
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1000.0;
    }

    private static Histogram histogram() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }

    private interface Timed {
        Histogram run();
    }

    private static Histogram quiet(Timed timed, Results results) {
        for (int tries = 0; ; tries++) {
            StealMeter steal = StealMeter.start();
            Histogram histogram = timed.run();
            if (steal.percent() <= STEAL_MAX_PERCENT || tries == REPEATS_MAX) {
                results.countRepeated(tries);
                return histogram;
            }
        }
    }

    /** Single operations on random pages. */
    private record Loop(BenchStore store, BareLz4 lz4, PageSet set, SplittableRandom random) {
        Histogram puts(int count) {
            Histogram histogram = histogram();
            byte[][] pages = set.toArray();
            Keys names = new Keys(Keys.OBJECTS);
            for (int i = 0; i < count; i++) {
                long index = random.nextLong();
                int key = (int) index & Keys.OBJECTS - 1;
                byte[] page = pages[random.nextInt(pages.length)];
                long start = System.nanoTime();
                store.pool().put(names.object(key), index, page);
                histogram.recordValue(System.nanoTime() - start);
            }
            return histogram;
        }

        Histogram compressions(int count) {
            Histogram histogram = histogram();
            byte[][] pages = set.toArray();
            for (int i = 0; i < count; i++) {
                byte[] page = pages[random.nextInt(pages.length)];
                long start = System.nanoTime();
                lz4.compressAway(page);
                histogram.recordValue(System.nanoTime() - start);
            }
            return histogram;
        }
    }
}
