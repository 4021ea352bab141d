package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.Lz4Compression;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.SideBySide;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreMix;
import java.util.List;

/** What a second thread adds: as many puts as gets, on one thread and on two, beside bare LZ4 compression. */
public final class TwoThreads implements Measurement {
    private static final List<String> TIERS = List.of("heap", "offheap");
    private static final String TWICE = " × 2";

    @Override
    public String name() {
        return "two threads";
    }

    @Override
    public int steps(Plan plan) {
        return TIERS.size() * plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            results.missing(Budget.SCALING_2_THREADS, "one processor only");
            return;
        }
        PageSet set = PageSet.preferred("db", plan.sets());
        Keys keys = new Keys(plan.keys());
        for (String tier : TIERS) {
            try (BenchStore store = BenchStore.roomy(tier, keys.count(), PageSet.PAGE_SIZE, "lz4");
                    Lz4Compression alone = new Lz4Compression(keys, set);
                    Lz4Compression first = new Lz4Compression(keys, set);
                    Lz4Compression second = new Lz4Compression(keys, set);
                    SideBySide lz4 = new SideBySide(alone.name() + TWICE, List.of(first, second))) {
                store.fill(keys, set);
                String name = tier + " put and get";
                StoreMix mix = new StoreMix(name, store, keys, set);
                List<StoreMix> two = List.of(mix, new StoreMix(name, store, keys, set));
                try (SideBySide both = new SideBySide(name + TWICE, two)) {
                    List<Contestant> contestants = List.of(mix, both, alone, lz4);
                    Timings timings = plan.rounds().withSlices(1).time(contestants, keys.places(), step);
                    results.add(Budget.SCALING_2_THREADS, set.name() + ", " + tier, timings.ratio(name, both.name()));
                    results.detail(
                            "throughput of two threads of bare LZ4 (" + tier + " run)",
                            timings.ratio(alone.name(), lz4.name()));
                    results.countRepeated(timings.repeated());
                }
            }
        }
    }
}
