package io.github.tmem.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreMix;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What an operation costs in a store of millions of pages, against one of as many as there are keys: puts and gets in turn. */
public final class ManyPages implements Measurement {
    /** The bytes that must be free for each byte of raw pages: pages shrink to about half. */
    private static final double FREE_SHARE = 0.9;

    /** The rounds that pass before a page is visited again. */
    private static final int ROUNDS_APART = 8;

    @Override
    public String name() {
        return "millions of pages";
    }

    @Override
    public int steps(Plan plan) {
        return plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        long bytes = (long) plan.manyKeys() * plan.manyPageSize();
        long free =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
        if (bytes * FREE_SHARE > free) {
            results.missing(Budget.SCALE_4M_VS_64K, "not enough free memory");
            return;
        }
        PageSet set = PageSet.preferred("db", plan.sets());
        if (plan.manyPageSize() < PageSet.PAGE_SIZE) {
            set = set.cutInto(plan.manyPageSize());
        }
        int visits = Math.min(plan.manyKeys(), ROUNDS_APART * plan.rounds().operations());
        Keys few = new Keys(plan.keys(), visits);
        Keys many = new Keys(plan.manyKeys(), visits);
        try (BenchStore small = BenchStore.roomy("offheap", few.count(), plan.manyPageSize(), "lz4");
                BenchStore large = BenchStore.roomy("offheap", many.count(), plan.manyPageSize(), "lz4")) {
            small.fill(few, set);
            large.fill(many, set);
            StoreMix onFew = new StoreMix("few pages", small, few, set);
            StoreMix onMany = new StoreMix("many pages", large, many, set);
            Timings timings = plan.rounds().time(List.of(onFew, onMany), visits, step);
            results.add(
                    Budget.SCALE_4M_VS_64K,
                    "offheap, pages of " + plan.manyPageSize() + " B",
                    timings.ratio(onMany.name(), onFew.name()));
            results.detail("put and get, " + few.count() + " pages", timings.of(onFew.name()));
            results.detail("put and get, " + many.count() + " pages", timings.of(onMany.name()));
            results.countRepeated(timings.repeated());
        }
    }
}
