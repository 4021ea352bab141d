package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.ChroniclePeer;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.Rounds;
import io.github.tmem.bench.timing.SideBySide;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BackendCopies;
import io.github.tmem.bench.work.BackendPuts;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.EnclosedCodec;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StorePuts;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Storing pages that are encoded already, as a demotion does, against Chronicle Map: the same bytes under the same keys, with
 * one thread and with two.
 *
 * <p>"Slab", the figure, is what a demotion asks of a backend: a copy stored, another one freed. Chronicle Map does the same: a
 * page put under a name it does not have, another one removed. "Store", a detail, is a put through the whole store under a
 * codec that only hands the encoded bytes on: checksum, directory, slab, the old copy's end. Beside it stands Chronicle Map's
 * put under a name that it has, which overwrites a value of the same length. A demotion is more than the first (it changes the
 * directory) and less than the second (it takes no raw page in, and its entry stays).
 */
public final class Storing implements Measurement {
    private static final List<String> TIERS = List.of("heap", "offheap");
    private static final int THREADS = 2;

    @Override
    public String name() {
        return "storing encoded pages";
    }

    @Override
    public int steps(Plan plan) {
        return plan.sets().size() * plan.allRounds() * 2;
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        Keys keys = new Keys(plan.keys());
        for (PageSet set : plan.sets()) {
            EncodedSet encoded = EncodedSet.of(set);
            try (ChroniclePeer overwritten = new ChroniclePeer(keys, encoded);
                    ChroniclePeer exchanged = new ChroniclePeer(keys, encoded);
                    Ours heap = new Ours("heap", keys, encoded);
                    Ours offHeap = new Ours("offheap", keys, encoded)) {
                race(plan.rounds(), new Maps(overwritten, exchanged), List.of(heap, offHeap), results, step);
            }
        }
    }

    /** The peer, once for puts in place and once for puts under other names. */
    private record Maps(ChroniclePeer overwritten, ChroniclePeer exchanged) {}

    /** A store and a bare backend of one tier type, holding the page of every key. */
    private static final class Ours implements AutoCloseable {
        private final String tier;
        private final Keys keys;
        private final EncodedSet encoded;
        private final PageSet enclosed;
        private final BenchStore store;
        private final BackendCopies copies;

        Ours(String tier, Keys keys, EncodedSet encoded) {
            this.tier = tier;
            this.keys = keys;
            this.encoded = encoded;
            enclosed = new PageSet(
                    encoded.name(),
                    Arrays.stream(encoded.encoded())
                            .map(page -> EnclosedCodec.enclose(page, PageSet.PAGE_SIZE))
                            .toList());
            store = BenchStore.roomy(tier, keys.count(), PageSet.PAGE_SIZE, EnclosedCodec.NAME);
            store.fill(keys, enclosed);
            copies = BackendCopies.open(tier, keys.count(), 2 * encoded.bytesOf(keys.count()) + (64L << 20));
            backendPuts().filled();
        }

        StorePuts storePuts() {
            return new StorePuts(tier + " store", store, keys, enclosed, StorePuts.Before.THERE);
        }

        BackendPuts backendPuts() {
            return new BackendPuts(tier + " slab", copies, keys, encoded.encoded());
        }

        @Override
        public void close() {
            copies.close();
            store.close();
        }
    }

    private static void race(Rounds rounds, Maps maps, List<Ours> ours, Results results, Runnable step) {
        String set = ours.getFirst().encoded.name();
        int places = ours.getFirst().keys.places();
        Timings one = rounds.time(
                List.of(
                        maps.overwritten().puts(),
                        maps.exchanged().exchanges(),
                        ours.get(0).storePuts(),
                        ours.get(0).backendPuts(),
                        ours.get(1).storePuts(),
                        ours.get(1).backendPuts()),
                places,
                step);
        report(set, one, Budget.STORE_VS_CHRONICLE, "", results);
        try (SideBySide puts = twice(maps.overwritten()::puts);
                SideBySide exchanges = twice(maps.exchanged()::exchanges);
                SideBySide heap = twice(ours.get(0)::storePuts);
                SideBySide heapSlab = twice(ours.get(0)::backendPuts);
                SideBySide offHeap = twice(ours.get(1)::storePuts);
                SideBySide offHeapSlab = twice(ours.get(1)::backendPuts)) {
            Timings two = rounds.withSlices(1)
                    .time(List.of(puts, exchanges, heap, heapSlab, offHeap, offHeapSlab), places, step);
            report(set, two, Budget.STORE_VS_CHRONICLE_2_THREADS, ", 2 threads", results);
        }
    }

    private static SideBySide twice(Supplier<? extends Contestant> part) {
        List<Contestant> parts = List.of(part.get(), part.get());
        assert parts.size() == THREADS;
        return new SideBySide(parts.getFirst().name(), parts);
    }

    private static void report(String set, Timings timings, Budget budget, String threads, Results results) {
        for (String tier : TIERS) {
            results.add(budget, set + ", " + tier, timings.ratio(ChroniclePeer.EXCHANGES, tier + " slab"));
            results.detail(
                    set + ": " + tier + " store" + threads + ", times Chronicle Map",
                    timings.ratio(ChroniclePeer.PUTS, tier + " store"));
        }
        timings.names().forEach(name -> results.detail(set + ": " + name + threads, timings.of(name)));
        results.countRepeated(timings.repeated());
    }
}
