package io.github.tmem.node.pages;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import java.util.List;

/**
 * How the pages of a store are kept, found by looking at its statistics after each put.
 *
 * @param sameFilled pages without a copy
 * @param raw pages whose copy is as long as the page
 */
record Inspection(long sameFilled, long raw) {

    /** Puts every page into a pool that is empty, and looks. */
    static Inspection of(PageStore store, PagePasses passes) {
        long raw = 0;
        long before = encodedBytes(store);
        for (int page = 0; page < passes.count(); page++) {
            passes.put(page);
            long after = encodedBytes(store);
            raw += after - before == PageFiles.PAGE_BYTES ? 1 : 0;
            before = after;
        }
        List<PoolStats> pools = store.stats().pools();
        return new Inspection(pools.stream().mapToLong(PoolStats::sameFilled).sum(), raw);
    }

    /** The bytes of all copies in a store. */
    static long encodedBytes(PageStore store) {
        return store.stats().tiers().stream().mapToLong(TierStats::encodedBytes).sum();
    }
}
