package io.github.tmem.bench.measure;

import io.github.tmem.bench.cache.CaffeineCache;
import io.github.tmem.bench.cache.EhcacheCache;
import io.github.tmem.bench.cache.EncodedCache;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Figure;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What Caffeine and Ehcache take in memory for the encoded page of every key, and our density by theirs.
 *
 * <p>Caffeine: the heap in use after a collection of garbage, with the cache and without; that the heap needs room beyond
 * what is in use is not counted. Ehcache: the least memory outside the heap with which it drops nothing, to one per cent; its
 * objects on the heap are not counted.
 */
record CacheDensity(Keys keys, PageSet set) {
    /** How far the heap without the cache may differ between before and after. */
    private static final double DRIFT_MAX = 0.01;

    /** Adds our density by that of each cache; ours is among the results, if it was measured. */
    void measure(Results results) {
        EncodedSet encoded = EncodedSet.of(set);
        compare(Budget.DENSITY_VS_EHCACHE, EhcacheCache.NAME, leastOffHeap(encoded), results);
        long before = heapInUse(); // also returns what Ehcache had
        long with = heapWithCaffeine(encoded);
        long without = heapInUse();
        long inUse = with - without;
        long drift = Math.abs(without - before);
        if (inUse < encoded.bytesOf(keys.count()) || drift > DRIFT_MAX * inUse) {
            results.missing(Budget.DENSITY_VS_CAFFEINE_LZ4, "the heap does not stand still");
        } else {
            compare(Budget.DENSITY_VS_CAFFEINE_LZ4, CaffeineCache.NAME, inUse, results);
        }
    }

    private void compare(Budget budget, String cache, long bytes, Results results) {
        long raw = (long) keys.count() * PageSet.PAGE_SIZE;
        double theirs = (double) raw / bytes;
        List<Figure> density = results.figures(Budget.DENSITY);
        if (density.isEmpty()) {
            results.missing(budget, "our density was not measured");
        }
        density.forEach(ours ->
                results.add(budget, ours.of(), Spread.exactly(ours.value().median() / theirs)));
        results.remark("density: " + cache + " holds " + raw + " page bytes, encoded, in " + bytes + " bytes");
    }

    private long heapWithCaffeine(EncodedSet encoded) {
        try (EncodedCache cache = new CaffeineCache(keys.count())) {
            cache.fill(keys, encoded);
            long inUse = heapInUse();
            if (!holdsAll(cache)) {
                throw new IllegalStateException("Caffeine dropped a page though there was room");
            }
            return inUse;
        }
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private long leastOffHeap(EncodedSet encoded) {
        long least = Math.max(EhcacheCache.CAPACITY_MIN, encoded.bytesOf(keys.count()));
        long enough = least;
        while (!suffices(enough, encoded)) {
            least = enough;
            enough *= 2;
        }
        while (enough - least > enough / 100) {
            long middle = least + (enough - least) / 2;
            if (suffices(middle, encoded)) {
                enough = middle;
            } else {
                least = middle;
            }
        }
        return enough;
    }

    private boolean suffices(long bytes, EncodedSet encoded) {
        try (EncodedCache cache = new EhcacheCache(bytes)) {
            cache.fill(keys, encoded);
            return holdsAll(cache);
        }
    }

    private boolean holdsAll(EncodedCache cache) {
        return IntStream.range(0, keys.count()).allMatch(key -> cache.get(keys.index(key)) != null);
    }
}
