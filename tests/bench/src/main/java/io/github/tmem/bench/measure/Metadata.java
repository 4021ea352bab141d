package io.github.tmem.bench.measure;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;

/**
 * Everything a full store keeps about a page beside its encoded bytes: random keys in 64 objects, nearly empty pages, so that
 * a mebi of them fit into little memory.
 */
public final class Metadata implements Measurement {
    /** The word that memory tiers keep about a slot. Counted here, because no statistic tells it from what slabs waste. */
    private static final int SLOT_WORD_BYTES = 8;

    private static final int PAGES_DIFFERENT = 1024;
    private static final int SAMPLE = 1 << 14;

    @Override
    public String name() {
        return "metadata";
    }

    @Override
    public int steps(Plan plan) {
        return 1;
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        PageSet set = PageSet.sparse(PAGES_DIFFERENT);
        long capacity = (long) (bytesPerCopy(set) * plan.metadataPages());
        Keys keys = new Keys(plan.metadataPages() + plan.metadataPages() / 8);
        try (BenchStore store = BenchStore.open(
                PageSet.PAGE_SIZE,
                128L * keys.count(),
                TierConfig.of("offheap", Size.ofBytes(capacity)).withWatermarks(100, 100))) {
            store.offer(keys, set);
            long pages = store.pool().pageCount();
            double perPage = (double) store.directoryBytes() / pages + SLOT_WORD_BYTES;
            results.add(Budget.METADATA_BYTES_PER_PAGE, pages + " pages, offheap", Spread.exactly(perPage));
            results.remark("metadata: the directory's " + store.directoryBytes() + " bytes for " + pages
                    + " pages, and a slab's word of " + SLOT_WORD_BYTES + " bytes for each");
        }
        results.missing(Budget.POLICY_BYTES_PER_PAGE, "the store does not tell it apart");
        step.run();
    }

    /** What a copy takes in its tier. */
    private static double bytesPerCopy(PageSet set) {
        Keys keys = new Keys(SAMPLE);
        try (BenchStore store = BenchStore.roomy("offheap", SAMPLE, PageSet.PAGE_SIZE, "lz4")) {
            store.fill(keys, set);
            return (double) store.tier().usedBytes() / SAMPLE;
        }
    }
}
