package io.github.tmem.bench.replay;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.bench.peer.policy.PageCache;
import io.github.tmem.bench.trace.Trace;

/** A pool of 4 KiB pages of a real store. Every page that comes back is compared with what went in. */
final class StorePages implements PageCache {
    private static final ObjectId TRACED = ObjectId.of(1);

    private final Trace trace;
    private final EphemeralPool pool;
    private final PageContent content = new PageContent();

    /** The pages of {@code trace} in {@code pool}, under the indexes that the recorded system gave them. */
    StorePages(Trace trace, EphemeralPool pool) {
        this.trace = trace;
        this.pool = pool;
    }

    @Override
    public boolean get(int page) {
        long recorded = trace.recorded(page);
        boolean hit = pool.get(TRACED, recorded, content.destination());
        if (hit) {
            content.verify(recorded);
        }
        return hit;
    }

    @Override
    public void put(int page) {
        long recorded = trace.recorded(page);
        pool.put(TRACED, recorded, content.of(recorded));
    }

    @Override
    public void flush(int page) {
        pool.flush(TRACED, trace.recorded(page));
    }
}
