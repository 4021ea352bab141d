package io.github.tmem.node.pages;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.node.console.Progress;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores the pages of files and measures. A first store is for warming up, a second one for the figures: how the process
 * grows while it fills, what it holds then, how long further passes take, and how each page is kept.
 */
public final class Survey {
    /** Puts and gets until the JVM has compiled what it is going to compile, and the pages they are made with. */
    private static final int WARM_UPS = 50_000;

    private static final int WARM_UP_PAGES = 2048;
    private static final int WARM_UP_PASSES_MIN = 2;
    private static final int MEASUREMENTS = 20_000;
    private static final int MEASURED_PASSES_MIN = 7;

    private final PageFiles files;
    private final Supplier<PageStore> stores;
    private final PoolConfig pool;
    private long wrong;

    /**
     * A survey that has not begun.
     *
     * @param stores opens the store, new and empty each time
     * @param pool a persistent pool of 4 KiB pages
     */
    public Survey(PageFiles files, Supplier<PageStore> stores, PoolConfig pool) {
        this.files = files;
        this.stores = stores;
        this.pool = pool;
    }

    /** Pages that did not come back as they were; 0, or the store is broken. */
    public long wrong() {
        return wrong;
    }

    /**
     * Measures.
     *
     * @param progress opens what hears of a run of so many pages
     */
    public PagesReport run(LongFunction<Progress> progress) {
        int warmUpPages = Math.min(files.count(), WARM_UP_PAGES);
        int warmUps = passes(WARM_UPS, warmUpPages, WARM_UP_PASSES_MIN);
        int measured = passes(MEASUREMENTS, files.count(), MEASURED_PASSES_MIN);
        long steps = (long) warmUpPages * warmUps + (long) files.count() * (measured + 2);
        // the first store stays open: memory it gave back would be used again, and the process not seen to grow
        try (PageStore first = stores.get();
                PageStore store = stores.get();
                Progress heard = progress.apply(steps)) {
            files.load();
            heard.phase("warm up");
            time(passesOver(first, warmUpPages), warmUps, heard);
            return measure(store, measured, heard);
        }
    }

    private static int passes(int operations, int pages, int least) {
        return Math.max(least, Math.ceilDiv(operations, pages));
    }

    private PagePasses passesOver(PageStore store, int pages) {
        return new PagePasses(files, (PersistentPool) store.pool(pool), pages);
    }

    private PagesReport measure(PageStore store, int measured, Progress progress) {
        PagePasses passes = passesOver(store, files.count());
        progress.phase("fill");
        OptionalLong before = ResidentSet.bytes();
        passes.putAll();
        OptionalLong after = ResidentSet.bytes();
        progress.advance(files.count());
        int pages = passes.stored();
        long directory = store.stats().directories().stream()
                .mapToLong(DirectoryStats::bytes)
                .sum();
        long memory = directory
                + store.stats().tiers().stream().mapToLong(TierStats::usedBytes).sum();
        long encoded = Inspection.encodedBytes(store);
        wrong += passes.wrong();
        progress.phase("measure");
        Times times = time(passes, measured, progress);
        wrong += passes.wrong();
        progress.phase("look");
        passes.forgetAll();
        Inspection inspection = Inspection.of(store, passes);
        progress.advance(files.count());
        long raw = (long) pages * PageFiles.PAGE_BYTES;
        return new PagesReport(
                pages,
                files.count() - pages,
                raw,
                encoded,
                memory,
                share(raw, memory),
                inspection.sameFilled(),
                inspection.raw(),
                times.put(),
                times.get(),
                share(directory, pages),
                growth(before, after, pages));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static @Nullable Double growth(OptionalLong before, OptionalLong after, int pages) {
        return before.isEmpty() || after.isEmpty() ? null : share(after.getAsLong() - before.getAsLong(), pages);
    }

    /** Nanoseconds for a page, the medians of passes. */
    private record Times(double put, double get) {}

    /** Empties and fills the store again and again; the pages of the last pass stay. */
    private Times time(PagePasses passes, int count, Progress progress) {
        double[] puts = new double[count];
        double[] gets = new double[count];
        for (int i = 0; i < count; i++) {
            passes.forgetAll();
            puts[i] = share(passes.putAll(), passes.count());
            gets[i] = share(passes.getAll(), passes.stored());
            progress.advance(passes.count());
        }
        return new Times(median(puts), median(gets));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
