package io.github.tmem.bench.replay;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One run to make.
 *
 * @param trace what to replay
 * @param capacity the size of the store as asked for; null if that of the configuration is used
 * @param pages the same in pages; 0 if that of the configuration is used
 * @param store the store
 * @param guestPages the size of the guest's cache in pages; 0 without one
 */
record ReplayJob(Trace trace, @Nullable Amount capacity, int pages, StoreConfig store, int guestPages) {

    /** Makes the run: behind a guest with exclusive gets, else directly with inclusive ones. */
    ReplayResult run(Progress progress) {
        boolean guested = guestPages > 0;
        GetMode mode = guested ? GetMode.EXCLUSIVE : GetMode.INCLUSIVE;
        try (PageStore opened = Stores.open(store)) {
            EphemeralPool pool = opened.ephemeral("replay", mode);
            Replay replay = new Replay(trace, pool, progress);
            long begin = System.nanoTime();
            if (guested) {
                replay.behind(new GuestCache(trace.distinctPages(), guestPages));
            } else {
                replay.direct();
            }
            long nanos = System.nanoTime() - begin;
            return new ReplayResult(replay.gets(), replay.hits(), pool.stats().refusedTotal(), nanos);
        }
    }

    /** What the file of figures says of the run. */
    ReplayFigures figures(GetMode mode, @Nullable Amount guest, ReplayResult result) {
        return new ReplayFigures(
                trace.name(),
                capacity == null ? null : capacity.typed(),
                mode.word(),
                guest == null ? null : guest.typed(),
                result.hits(),
                result.gets(),
                result.hitRatio());
    }
}
