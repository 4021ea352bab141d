package io.github.tmem.bench.measure;

import io.github.tmem.api.PageKind;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.ChurnedTier;
import io.github.tmem.bench.work.PageSet;
import java.util.BitSet;

/**
 * Whether memory rots: a tier is filled, loses 70 % of its pages at random, and is filled with others until it is full again.
 * Then its page bytes by the memory that holds them, by those of a fresh tier given the same pages in the same order.
 */
public final class Churn implements Measurement {
    private static final int FLUSHED_PERCENT = 70;

    /** The tier {@code heap} has the same slabs, and the same figures. */
    private static final String TIER = "offheap";

    /** Of the page bytes of all keys of a plan, what a tier has room for. */
    private static final int CAPACITY_PARTS = 16;

    private static final long CAPACITY_MIN = 1 << 20;

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public int steps(Plan plan) {
        return plan.sets().size();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        long capacity = Math.max(CAPACITY_MIN, (long) plan.keys() * PageSet.PAGE_SIZE / CAPACITY_PARTS);
        for (PageSet set : plan.sets()) {
            for (Exchange exchange : Exchange.of(set)) {
                for (PageKind kind : PageKind.values()) {
                    String of = set.name() + ", " + exchange.name() + ", " + kind.word();
                    double ratio = ratio(exchange, kind, capacity);
                    results.add(Budget.DENSITY_AFTER_CHURN, of, Spread.exactly(ratio));
                }
            }
            step.run();
        }
    }

    private static double ratio(Exchange exchange, PageKind kind, long capacity) {
        BitSet kept;
        double churned;
        try (ChurnedTier store = new ChurnedTier(TIER, kind, capacity)) {
            store.fill(exchange.before());
            kept = store.flushAtRandom(FLUSHED_PERCENT);
            store.fill(exchange.after());
            churned = store.density();
        }
        try (ChurnedTier store = new ChurnedTier(TIER, kind, capacity)) {
            store.putOnly(kept, exchange.before());
            store.fill(exchange.after());
            return churned / store.density();
        }
    }
}
