package io.github.tmem.bench.measure;

import io.github.tmem.bench.cache.CaffeineCache;
import io.github.tmem.bench.cache.CompressedPages;
import io.github.tmem.bench.cache.EhcacheCache;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreGets;
import io.github.tmem.bench.work.StorePuts;
import java.util.ArrayList;
import java.util.List;

/**
 * Put and get of the tiers {@code heap} and {@code offheap} against Caffeine and Ehcache with LZ4 before them, set by set. All
 * hold the page of every key, puts replace it, and raw pages go in and come out. By itself and after all else that is timed, so
 * that the garbage the caches make meets no other peer. Densities are compared with those that {@link Speed} has found.
 */
public final class Caches implements Measurement {
    private static final List<String> TIERS = List.of("heap", "offheap");

    /** What an off-heap cache is given beyond twice the encoded pages, in bytes. */
    private static final long SPARE = 64L << 20;

    @Override
    public String name() {
        return "other caches";
    }

    @Override
    public int steps(Plan plan) {
        return plan.sets().size() * plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        Keys keys = new Keys(plan.keys());
        for (PageSet set : plan.sets()) {
            long bytes = 2 * EncodedSet.of(set).bytesOf(keys.count()) + SPARE;
            try (BenchStore heap = BenchStore.filled("heap", keys, set);
                    BenchStore offHeap = BenchStore.filled("offheap", keys, set);
                    CompressedPages caffeine = new CompressedPages(new CaffeineCache(keys.count()), keys, set);
                    CompressedPages ehcache = new CompressedPages(new EhcacheCache(bytes), keys, set);
                    BareLz4 lz4 = new BareLz4()) {
                List<Contestant> contestants = new ArrayList<>();
                contestants.addAll(calls("heap", heap, keys, set));
                contestants.addAll(calls("offheap", offHeap, keys, set));
                for (CompressedPages cache : List.of(caffeine, ehcache)) {
                    contestants.addAll(List.of(cache.puts(lz4), cache.gets(lz4)));
                }
                report(set, plan.rounds().time(contestants, keys.places(), step), results);
            }
        }
        new CacheDensity(keys, PageSet.preferred(Density.SET, plan.sets())).measure(results);
    }

    private static List<Contestant> calls(String tier, BenchStore store, Keys keys, PageSet set) {
        return List.of(
                new StorePuts(tier + " put", store, keys, set, StorePuts.Before.THERE),
                new StoreGets(tier + " get", store, keys, StoreGets.Expected.HIT));
    }

    private static void report(PageSet set, Timings timings, Results results) {
        for (String tier : TIERS) {
            String of = set.name() + ", " + tier;
            String put = tier + " put";
            String get = tier + " get";
            String caffeinePut = CompressedPages.putsTo(CaffeineCache.NAME);
            String caffeineGet = CompressedPages.getsFrom(CaffeineCache.NAME);
            results.add(Budget.PUT_VS_CAFFEINE_LZ4, of, timings.ratio(put, caffeinePut));
            results.add(Budget.GET_VS_CAFFEINE_LZ4, of, timings.ratio(get, caffeineGet));
            results.add(Budget.PUT_VS_EHCACHE, of, timings.ratio(put, CompressedPages.putsTo(EhcacheCache.NAME)));
            results.add(Budget.GET_VS_EHCACHE, of, timings.ratio(get, CompressedPages.getsFrom(EhcacheCache.NAME)));
        }
        timings.names().forEach(name -> results.detail(set.name() + ", caches: " + name, timings.of(name)));
        results.countRepeated(timings.repeated());
    }
}
