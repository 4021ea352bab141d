package io.github.tmem.bench.measure;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreFlushes;
import io.github.tmem.bench.work.StoreGets;
import io.github.tmem.bench.work.StoreGets.Expected;
import io.github.tmem.bench.work.StorePuts;
import io.github.tmem.bench.work.StorePuts.Before;
import io.github.tmem.bench.work.StoreSegments;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The bytes that this thread allocates on the Java heap for puts, gets, misses and flushes once the code is compiled: in a
 * chain with room, and in one that is full, where every put pushes other pages down or out.
 */
public final class Allocation implements Measurement {
    private static final int WARMUPS = 3;
    private static final int COUNTED = 3;

    /** Less than a hundredth of a byte is a thread that had to sleep at a lock, once in thousands of operations. */
    private static final double HUNDREDTHS = 100;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    @Override
    public String name() {
        return "allocation";
    }

    @Override
    public int steps(Plan plan) {
        return 2;
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        PageSet set = PageSet.preferred("db", plan.sets());
        Keys keys = new Keys(plan.keys());
        long quarter = Math.max(1 << 20, (long) plan.keys() * PageSet.PAGE_SIZE / 16);
        try (BenchStore roomy = BenchStore.roomy("heap", plan.keys(), PageSet.PAGE_SIZE, "lz4");
                BenchStore full = BenchStore.open(
                        PageSet.PAGE_SIZE,
                        128L * plan.keys(),
                        TierConfig.of("heap", Size.ofBytes(quarter)),
                        TierConfig.of("offheap", Size.ofBytes(quarter)))) {
            measure("with room", () -> roomy.fill(keys, set), calls(roomy, keys, set, Before.THERE), plan, results);
            step.run();
            measure("full", () -> full.offer(keys, set), calls(full, keys, set, Before.FULL), plan, results);
            step.run();
        }
    }

    private static List<Contestant> calls(BenchStore store, Keys keys, PageSet set, Before before) {
        Expected expected = before == Before.FULL ? Expected.ANYTHING : Expected.HIT;
        return List.of(
                new StorePuts("put", store, keys, set, before),
                new StorePuts("put again", store, keys, set, before),
                new StoreGets("get", store, keys, expected),
                new StoreGets("miss", store, keys, Expected.MISS),
                new StoreSegments("put, get of segments", store, keys, set),
                new StoreFlushes("flush", store, keys),
                new StoreFlushes("flush of nothing", store, keys));
    }

    /**
     * Counts what each call allocates. Every round begins with a filled store: the first page of an object makes the
     * object's record, which is no cost of a page.
     */
    private void measure(String where, Runnable fill, List<Contestant> calls, Plan plan, Results results) {
        int count = plan.keys() / 2;
        double[][] bytes = new double[calls.size()][COUNTED];
        for (int round = -WARMUPS; round < COUNTED; round++) {
            fill.run();
            for (int i = 0; i < calls.size(); i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                calls.get(i).run(0, count);
                long after = threads.getCurrentThreadAllocatedBytes();
                if (round >= 0) {
                    bytes[i][round] = Math.rint(HUNDREDTHS * (after - before) / count) / HUNDREDTHS;
                }
            }
        }
        for (int i = 0; i < bytes.length; i++) {
            String of = calls.get(i).name() + ", " + where;
            results.add(Budget.ALLOC_BYTES_PER_OP, of, Spread.of(bytes[i]));
        }
    }
}
