package io.github.tmem.bench.jmh;

import io.github.tmem.bench.cache.CaffeineCache;
import io.github.tmem.bench.cache.CompressedPages;
import io.github.tmem.bench.cache.EhcacheCache;
import io.github.tmem.bench.cache.EncodedCache;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.ChroniclePeer;
import io.github.tmem.bench.peer.Lz4Compression;
import io.github.tmem.bench.peer.Lz4Decompression;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.PageSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The same calls of others: bare LZ4, Chronicle Map with encoded pages, Caffeine and Ehcache with LZ4 before them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-Dslf4j.internal.verbosity=ERROR"
        })
public class PeerBenchmark {

    /** LZ4 of one thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Lz4 {
        private Lz4Compression compression;
        private Lz4Decompression resident;
        private Lz4Decompression spread;

        /** Prepares the arrays. */
        @Setup
        public void prepare(Data data) {
            compression = new Lz4Compression(data.keys(), data.pages());
            resident = Lz4Decompression.resident(data.keys(), data.encoded(), PageSet.PAGE_SIZE);
            spread = Lz4Decompression.spread(data.keys(), data.encoded(), PageSet.PAGE_SIZE);
        }

        /** Gives native memory back. */
        @TearDown
        public void close() {
            compression.close();
            resident.close();
            spread.close();
        }
    }

    /** A Chronicle Map with the encoded page of every key. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Chronicle {
        private ChroniclePeer map;

        /** Fills the map. */
        @Setup
        public void fill(Data data) {
            map = new ChroniclePeer(data.keys(), data.encoded());
        }

        /** Closes it. */
        @TearDown
        public void close() {
            map.close();
        }
    }

    /** The calls of one thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class ChronicleCalls {
        private Contestant puts;
        private Contestant gets;

        /** Prepares the calls. */
        @Setup
        public void prepare(Chronicle chronicle) {
            puts = chronicle.map.puts();
            gets = chronicle.map.gets();
        }
    }

    /** Caches with the encoded page of every key. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Caches {
        private EncodedCache caffeineCache;
        private EncodedCache ehcacheCache;
        private CompressedPages caffeine;
        private CompressedPages ehcache;

        /** Fills the caches. */
        @Setup
        public void fill(Data data) {
            caffeineCache = new CaffeineCache(Data.KEYS);
            caffeine = new CompressedPages(caffeineCache, data.keys(), data.pages());
            ehcacheCache = EhcacheCache.roomy(data.keys(), data.encoded());
            ehcache = new CompressedPages(ehcacheCache, data.keys(), data.pages());
        }

        /** Closes them. */
        @TearDown
        public void close() {
            caffeineCache.close();
            ehcacheCache.close();
        }
    }

    /** The calls of one thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class CacheCalls {
        private BareLz4 lz4;
        private Contestant caffeinePuts;
        private Contestant caffeineGets;
        private Contestant ehcachePuts;
        private Contestant ehcacheGets;

        /** Prepares the calls. */
        @Setup
        public void prepare(Caches caches) {
            lz4 = new BareLz4();
            caffeinePuts = caches.caffeine.puts(lz4);
            caffeineGets = caches.caffeine.gets(lz4);
            ehcachePuts = caches.ehcache.puts(lz4);
            ehcacheGets = caches.ehcache.gets(lz4);
        }

        /** Gives native memory back. */
        @TearDown
        public void close() {
            lz4.close();
        }
    }

    /** Compression alone. */
    @Benchmark
    public void lz4Compress(Lz4 lz4, Step step) {
        step.run(lz4.compression);
    }

    /** Decompression from an array that stays in the cache. */
    @Benchmark
    public void lz4DecompressFromCache(Lz4 lz4, Step step) {
        step.run(lz4.resident);
    }

    /** Decompression from an array as large as a store. */
    @Benchmark
    public void lz4DecompressFromMemory(Lz4 lz4, Step step) {
        step.run(lz4.spread);
    }

    /** A put of an encoded page. */
    @Benchmark
    public void chroniclePut(ChronicleCalls calls, Step step) {
        step.run(calls.puts);
    }

    /** A get of an encoded page. */
    @Benchmark
    public void chronicleGet(ChronicleCalls calls, Step step) {
        step.run(calls.gets);
    }

    /** Compression into an array of its own, and a put of that. */
    @Benchmark
    public void caffeinePut(CacheCalls calls, Step step) {
        step.run(calls.caffeinePuts);
    }

    /** A get, and decompression from the array that is there. */
    @Benchmark
    public void caffeineGet(CacheCalls calls, Step step) {
        step.run(calls.caffeineGets);
    }

    /** Compression, and a put that copies off the heap. */
    @Benchmark
    public void ehcachePut(CacheCalls calls, Step step) {
        step.run(calls.ehcachePuts);
    }

    /** A get into a new array, and decompression from that. */
    @Benchmark
    public void ehcacheGet(CacheCalls calls, Step step) {
        step.run(calls.ehcacheGets);
    }
}
