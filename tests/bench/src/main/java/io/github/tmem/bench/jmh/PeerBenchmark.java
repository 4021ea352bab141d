package io.github.tmem.bench.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.ChroniclePeer;
import io.github.tmem.bench.peer.Lz4Compression;
import io.github.tmem.bench.peer.Lz4Decompression;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.PageSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** The same calls of others: bare LZ4, Chronicle Map with encoded pages, Caffeine with compressed arrays. */
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

    /** A Caffeine cache with the compressed page of every key. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class Arrays {
        private Cache<Long, byte[]> cache;
        private Long[] names;

        /** Fills the cache. */
        @Setup
        public void fill(Data data) {
            cache = Caffeine.newBuilder().maximumSize(2L * Data.KEYS).build();
            names = IntStream.range(0, Data.KEYS).mapToObj(data.keys()::indexAt).toArray(Long[]::new);
            try (BareLz4 lz4 = new BareLz4()) {
                for (int key = 0; key < Data.KEYS; key++) {
                    cache.put(data.keys().index(key), lz4.compress(data.pages().pageOf(key)));
                }
            }
        }
    }

    /** What one thread needs to use it. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
    public static class ArrayCalls {
        private BareLz4 lz4;
        private byte[] page;

        /** Prepares the codec. */
        @Setup
        public void prepare() {
            lz4 = new BareLz4();
            page = new byte[PageSet.PAGE_SIZE];
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
    public void caffeinePut(Data data, Arrays arrays, ArrayCalls calls, Step step) {
        int place = step.next();
        int key = data.keys().at(place);
        arrays.cache.put(arrays.names[place], calls.lz4.compress(data.pages().pageOf(key)));
    }

    /** A get, and decompression from the array that is there. */
    @Benchmark
    public byte[] caffeineGet(Data data, Arrays arrays, ArrayCalls calls, Step step) {
        byte[] encoded = arrays.cache.getIfPresent(arrays.names[step.next()]);
        if (encoded == null) {
            throw new IllegalStateException("Caffeine dropped a page though there was room");
        }
        calls.lz4.decompress(encoded, 0, encoded.length, calls.page);
        return calls.page;
    }
}
