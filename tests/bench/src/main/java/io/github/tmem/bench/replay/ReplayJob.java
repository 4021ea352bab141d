package io.github.tmem.bench.replay;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.policy.PageCache;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.node.console.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run to make.
 *
 * @param course what to replay
 * @param capacity the size of the store as asked for; null if that of the configuration is used
 * @param pages the same in pages; 0 if that of the configuration is used
 * @param store the store
 */
record ReplayJob(Course course, @Nullable Amount capacity, int pages, StoreConfig store) {

    /** Makes the run. */
    ReplayResult run(Progress progress) {
        try (PageStore opened = Stores.open(store)) {
            EphemeralPool pool = opened.ephemeral("replay", course.mode());
            PageCache cache = inStep(new StorePages(course.trace(), pool), opened);
            long begin = System.nanoTime();
            Hits hits = course.run(cache, progress);
            long nanos = System.nanoTime() - begin;
            return new ReplayResult(hits, pool.stats().refusedTotal(), nanos);
        }
    }

    private PageCache inStep(PageCache pages, PageStore opened) {
        List<TierConfig> tiers = Stores.tiers(store);
        boolean slots = tiers.stream().allMatch(tier -> tier.type().equals(SlotsProvider.TYPE));
        return slots && tiers.size() > 1 ? new KeepingStep(pages, opened, tiers) : pages;
    }

    /** What the file of figures says of the run. */
    ReplayFigures figures(@Nullable Amount guest, ReplayResult result) {
        return new ReplayFigures(
                course.trace().name(),
                capacity == null ? null : capacity.typed(),
                course.mode().word(),
                guest == null ? null : guest.typed(),
                result.hits().hits(),
                result.hits().gets(),
                result.hits().ratio());
    }
}
