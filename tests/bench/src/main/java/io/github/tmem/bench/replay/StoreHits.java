package io.github.tmem.bench.replay;

import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;

/** The hit ratios of a store of exactly so many pages, for those who compare them with other caches. */
public final class StoreHits {
    private StoreHits() {}

    /** Inclusive gets: every access is a get, and after a miss a put. Returns hits by gets, 0 to 1. */
    public static double inclusive(Trace trace, int pages) {
        return ratio(trace, pages, 0);
    }

    /** Exclusive gets behind a guest's cache of {@code guestPages} pages. Returns hits by gets, 0 to 1. */
    public static double exclusive(Trace trace, int pages, int guestPages) {
        return ratio(trace, pages, guestPages);
    }

    private static double ratio(Trace trace, int pages, int guestPages) {
        return new ReplayJob(trace, null, pages, Stores.exact().holding(pages), guestPages)
                .run(Progress.silent())
                .hitRatio();
    }
}
