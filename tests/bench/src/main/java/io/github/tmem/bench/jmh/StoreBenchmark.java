package io.github.tmem.bench.jmh;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.BackendCopies;
import io.github.tmem.bench.work.BackendPuts;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreGets;
import io.github.tmem.bench.work.StorePuts;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Calls of a store of one tier that has room for every key. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class StoreBenchmark {

    /** The store, filled. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Filled {
        /** The tier. */
        @Param({"heap", "offheap"})
        public String tier;

        private BenchStore store;
        private BackendCopies copies;

        /** Fills the store. */
        @Setup
        public void fill(Data data) {
            store = BenchStore.roomy(tier, Data.KEYS, PageSet.PAGE_SIZE, "lz4");
            store.fill(data.keys(), data.pages());
            copies = BackendCopies.open(tier, Data.KEYS, 2 * data.encoded().bytesOf(Data.KEYS) + (64L << 20));
            new BackendPuts("slab", copies, data.keys(), data.encoded().encoded()).filled();
        }

        /** Closes it. */
        @TearDown
        public void close() {
            copies.close();
            store.close();
        }
    }

    /** The calls, for each thread its own. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Calls {
        private Contestant puts;
        private Contestant hits;
        private Contestant misses;
        private Contestant slabPuts;
        private BenchStore store;
        private Data data;

        /** Prepares the calls. */
        @Setup
        public void prepare(Filled filled, Data all) {
            data = all;
            store = filled.store;
            puts = new StorePuts("put", store, all.keys(), all.pages(), StorePuts.Before.THERE);
            hits = new StoreGets("get", store, all.keys(), StoreGets.Expected.HIT);
            misses = new StoreGets("miss", store, all.keys(), StoreGets.Expected.MISS);
            slabPuts = new BackendPuts(
                    "slab", filled.copies, all.keys(), all.encoded().encoded());
        }

        /** Flushes the next page and puts it again. */
        private void flushAndPut(int place) {
            Keys keys = data.keys();
            store.pool().flush(keys.objectAt(place), keys.indexAt(place));
            store.pool()
                    .put(keys.objectAt(place), keys.indexAt(place), data.pages().pageOf(keys.at(place)));
        }
    }

    /** A put in place of the page that is there. */
    @Benchmark
    public void put(Calls calls, Step step) {
        step.run(calls.puts);
    }

    /** A get that hits. */
    @Benchmark
    public void getHit(Calls calls, Step step) {
        step.run(calls.hits);
    }

    /** A get that finds nothing. */
    @Benchmark
    public void getMiss(Calls calls, Step step) {
        step.run(calls.misses);
    }

    /** A flush and the put that brings the page back: subtract a put. */
    @Benchmark
    public void flushAndPut(Calls calls, Step step) {
        calls.flushAndPut(step.next());
    }

    /** A copy of encoded bytes stored in the tier's backend and the copy before it freed. */
    @Benchmark
    public void storeEncoded(Calls calls, Step step) {
        step.run(calls.slabPuts);
    }
}
