package io.github.tmem.bench.measure;

import io.github.tmem.bench.cache.CaffeineCache;
import io.github.tmem.bench.cache.CompressedPages;
import io.github.tmem.bench.cache.EhcacheCache;
import io.github.tmem.bench.cache.EncodedCache;
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
            try (BenchStore heap = BenchStore.filled("heap", keys, set);
                    BenchStore offHeap = BenchStore.filled("offheap", keys, set);
                    EncodedCache caffeine = new CaffeineCache(keys.count());
                    EncodedCache ehcache = EhcacheCache.roomy(keys, EncodedSet.of(set));
                    BareLz4 lz4 = new BareLz4()) {
                List<Contestant> contestants = new ArrayList<>();
                contestants.addAll(calls("heap", heap, keys, set));
                contestants.addAll(calls("offheap", offHeap, keys, set));
                for (EncodedCache cache : List.of(caffeine, ehcache)) {
                    CompressedPages pages = new CompressedPages(cache, keys, set);
                    contestants.addAll(List.of(pages.puts(lz4), pages.gets(lz4)));
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
