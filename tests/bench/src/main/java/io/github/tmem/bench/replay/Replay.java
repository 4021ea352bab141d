package io.github.tmem.bench.replay;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;

/** One run of a trace through a pool. Every page that comes back is compared with what went in. Used once. */
final class Replay {
    private static final ObjectId TRACED = ObjectId.of(1);
    private static final int REPORT_MASK = (1 << 14) - 1;

    private final Trace trace;
    private final EphemeralPool pool;
    private final Progress progress;
    private final PageContent content = new PageContent();
    private long gets;
    private long hits;

    /** A run that has not begun, through a pool of 4 KiB pages. */
    Replay(Trace trace, EphemeralPool pool, Progress progress) {
        this.trace = trace;
        this.pool = pool;
        this.progress = progress;
    }

    /** The gets so far. */
    long gets() {
        return gets;
    }

    /** Those of them that hit. */
    long hits() {
        return hits;
    }

    /** The store as the only cache: every access, reading or writing, is a get, and after a miss a put. */
    void direct() {
        for (int i = 0; i < trace.length(); i++) {
            long page = trace.recorded(trace.page(i));
            if (!get(page)) {
                put(page);
            }
            report(i);
        }
    }

    /**
     * The store behind a guest's page cache: what the guest has to give up is a put, what it misses a get when it reads,
     * and a flush when it writes, because the page is about to change.
     */
    void behind(GuestCache guest) {
        for (int i = 0; i < trace.length(); i++) {
            int page = trace.page(i);
            if (!guest.touch(page)) {
                miss(page, trace.isWrite(i));
                int victim = guest.admit(page);
                if (victim != GuestCache.NONE) {
                    put(trace.recorded(victim));
                }
            }
            report(i);
        }
    }

    private void miss(int page, boolean write) {
        if (write) {
            pool.flush(TRACED, trace.recorded(page));
        } else {
            get(trace.recorded(page));
        }
    }

    private boolean get(long page) {
        gets++;
        boolean hit = pool.get(TRACED, page, content.destination());
        if (hit) {
            hits++;
            content.verify(page);
        }
        return hit;
    }

    private void put(long page) {
        pool.put(TRACED, page, content.of(page));
    }

    private void report(int done) {
        if ((done & REPORT_MASK) == REPORT_MASK) {
            progress.advance(REPORT_MASK + 1L);
        }
    }
}
