package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.peer.Lz4Compression;
import io.github.tmem.bench.peer.Lz4Decompression;
import io.github.tmem.bench.peer.ZramDevice;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.Rounds;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreGets;
import io.github.tmem.bench.work.StorePuts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Put, get and miss of the tiers {@code heap} and {@code offheap} against bare LZ4 and zram, set by set. All hold the page of
 * every key. Density is measured beside, while zram holds the pages.
 */
public final class Speed implements Measurement {
    private static final List<String> TIERS = List.of("heap", "offheap");

    @Override
    public String name() {
        return "speed and density";
    }

    @Override
    public int steps(Plan plan) {
        return plan.sets().size() * plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        Keys keys = new Keys(plan.keys());
        for (PageSet set : plan.sets()) {
            Optional<ZramDevice> zram = ZramDevice.claim(keys, set);
            try (BenchStore heap = BenchStore.filled("heap", keys, set);
                    BenchStore offHeap = BenchStore.filled("offheap", keys, set)) {
                zram.ifPresent(ZramDevice::verify);
                if (set.equals(PageSet.preferred(Density.SET, plan.sets()))) {
                    new Density(keys, set).measure(zram, results);
                }
                race(plan.rounds(), new Field(set, keys, List.of(heap, offHeap), zram), results, step);
            } finally {
                zram.ifPresent(ZramDevice::close);
            }
        }
        ZramDevice.obstacle()
                .ifPresent(why -> List.of(Budget.PUT_VS_ZRAM, Budget.GET_VS_ZRAM, Budget.DENSITY_VS_ZRAM)
                        .forEach(budget -> results.missing(budget, why)));
    }

    /** Those who run. */
    private record Field(PageSet set, Keys keys, List<BenchStore> stores, Optional<ZramDevice> zram) {}

    private static void race(Rounds rounds, Field field, Results results, Runnable step) {
        EncodedSet encoded = EncodedSet.of(field.set());
        try (Lz4Compression compression = new Lz4Compression(field.keys(), field.set());
                Lz4Decompression resident = Lz4Decompression.resident(field.keys(), encoded, PageSet.PAGE_SIZE);
                Lz4Decompression spread = Lz4Decompression.spread(field.keys(), encoded, PageSet.PAGE_SIZE)) {
            List<Contestant> contestants = new ArrayList<>(List.of(compression, resident, spread));
            for (int i = 0; i < TIERS.size(); i++) {
                contestants.addAll(calls(TIERS.get(i), field.stores().get(i), field));
            }
            field.zram().ifPresent(zram -> contestants.addAll(List.of(zram.puts(), zram.gets())));
            Timings timings = rounds.time(contestants, field.keys().places(), step);
            report(field, compression.name(), timings, results);
        }
    }

    private static List<Contestant> calls(String tier, BenchStore store, Field field) {
        return List.of(
                new StorePuts(tier + " put", store, field.keys(), field.set(), StorePuts.Before.ABSENT),
                new StorePuts(tier + " put again", store, field.keys(), field.set(), StorePuts.Before.THERE),
                new StoreGets(tier + " get", store, field.keys(), StoreGets.Expected.HIT),
                new StoreGets(tier + " miss", store, field.keys(), StoreGets.Expected.MISS));
    }

    private static void report(Field field, String compression, Timings timings, Results results) {
        String set = field.set().name();
        for (String tier : TIERS) {
            String of = set + ", " + tier;
            String put = tier + " put";
            String again = tier + " put again";
            String get = tier + " get";
            results.add(Budget.PUT_VS_LZ4, of, timings.ratio(put, compression));
            results.add(Budget.PUT_VS_LZ4, of + ", again", timings.ratio(again, compression));
            results.add(Budget.GET_VS_LZ4, of, timings.ratio(get, Lz4Decompression.RESIDENT));
            results.add(Budget.GET_VS_LZ4_SAME_FOOTPRINT, of, timings.ratio(get, Lz4Decompression.SPREAD));
            results.add(Budget.MISS_NS, of, timings.of(tier + " miss"));
            if (field.zram().isPresent()) {
                results.add(Budget.PUT_VS_ZRAM, of, timings.ratio(again, ZramDevice.WRITE));
                results.add(Budget.GET_VS_ZRAM, of, timings.ratio(get, ZramDevice.READ));
            }
        }
        timings.names().forEach(name -> results.detail(set + ": " + name, timings.of(name)));
        results.countRepeated(timings.repeated());
    }
}
