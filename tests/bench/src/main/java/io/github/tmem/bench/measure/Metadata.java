package io.github.tmem.bench.measure;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.tiering.directory.Directory;

/**
 * Everything a full store keeps about a page beside its encoded bytes: random keys in 64 objects, nearly empty pages, so that
 * a mebi of them fit into little memory. What of it serves the choice of victims is a figure of its own.
 */
public final class Metadata implements Measurement {
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
            report(store.pool().pageCount(), store.directory(), store.tier().metadataBytes(), results);
        }
        step.run();
    }

    private static void report(long pages, DirectoryStats directory, long tierBytes, Results results) {
        String of = pages + " pages, offheap";
        double perPage = (double) (directory.bytes() + tierBytes) / pages;
        results.add(Budget.METADATA_BYTES_PER_PAGE, of, Spread.exactly(perPage));
        double entryBytes = (double) Directory.POLICY_BITS_PER_ENTRY / Byte.SIZE;
        double policyBytes = (entryBytes * directory.entries() + directory.ghostBytes()) / pages;
        results.add(Budget.POLICY_BYTES_PER_PAGE, of, Spread.exactly(policyBytes));
        results.remark("metadata of " + pages + " pages: " + directory.bytes() + " bytes in the directory, of which "
                + directory.ghostBytes() + " are ghosts; " + tierBytes + " bytes in the tier; the policy has "
                + Directory.POLICY_BITS_PER_ENTRY + " bits of an entry, and the ghosts");
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
