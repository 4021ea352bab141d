package io.github.tmem.bench.replay;

import io.github.tmem.bench.peer.policy.PageCache;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;

/** One run of a trace through a cache. Used once. */
final class Replay {
    private static final int REPORT_MASK = (1 << 14) - 1;

    private final Trace trace;
    private final PageCache cache;
    private final Progress progress;
    private long gets;
    private long hits;

    /** A run that has not begun. */
    Replay(Trace trace, PageCache cache, Progress progress) {
        this.trace = trace;
        this.cache = cache;
        this.progress = progress;
    }

    /** The cache as the only one: every access, reading or writing, is a get, and after a miss a put. */
    Hits direct() {
        for (int i = 0; i < trace.length(); i++) {
            int page = trace.page(i);
            if (!get(page)) {
                cache.put(page);
            }
            report(i);
        }
        return new Hits(gets, hits);
    }

    /**
     * The cache behind a guest's page cache: what the guest has to give up is a put, what it misses a get when it reads,
     * and a flush when it writes, because the page is about to change.
     */
    Hits behind(GuestCache guest) {
        for (int i = 0; i < trace.length(); i++) {
            int page = trace.page(i);
            if (!guest.touch(page)) {
                miss(page, trace.isWrite(i));
                int victim = guest.admit(page);
                if (victim != GuestCache.NONE) {
                    cache.put(victim);
                }
            }
            report(i);
        }
        return new Hits(gets, hits);
    }

    private void miss(int page, boolean write) {
        if (write) {
            cache.flush(page);
        } else {
            get(page);
        }
    }

    private boolean get(int page) {
        gets++;
        boolean hit = cache.get(page);
        hits += hit ? 1 : 0;
        return hit;
    }

    private void report(int done) {
        if ((done & REPORT_MASK) == REPORT_MASK) {
            progress.advance(REPORT_MASK + 1L);
        }
    }
}
