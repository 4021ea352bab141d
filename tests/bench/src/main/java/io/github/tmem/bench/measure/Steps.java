package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.peer.Lz4Compression;
import io.github.tmem.bench.peer.Lz4Decompression;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.BackendCopies;
import io.github.tmem.bench.work.BackendPuts;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.bench.work.StoreGets;
import io.github.tmem.bench.work.StorePuts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Where a put and a get spend their time: their steps one by one, beside the whole calls. Pages are callers' arrays, which are
 * encoded where they are and decoded in place, so that no step copies them. What the steps leave over is the directory (two
 * looks under its lock in either call), the working memory, and counters.
 */
public final class Steps implements Measurement {
    private static final String TIER = "offheap";
    private static final String SAME_FILLED = "put: is it filled with one word?";
    private static final String CHECKSUM = "put: checksum";
    private static final String SLAB_PUT = "put: slab, the old copy's end too";
    private static final String SLAB_GET = "get: read from the slab, and checksum";

    @Override
    public String name() {
        return "steps of a put and a get";
    }

    @Override
    public int steps(Plan plan) {
        return plan.allRounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        PageSet set = PageSet.preferred("fs", plan.sets());
        Keys keys = new Keys(plan.keys());
        EncodedSet encoded = EncodedSet.of(set);
        try (BenchStore store = BenchStore.roomy(TIER, keys.count(), PageSet.PAGE_SIZE, "lz4");
                BackendCopies copies =
                        BackendCopies.open(TIER, keys.count(), 2 * encoded.bytesOf(keys.count()) + (64L << 20));
                Lz4Compression compression = new Lz4Compression(keys, set);
                Lz4Decompression decompression = Lz4Decompression.resident(keys, encoded, PageSet.PAGE_SIZE)) {
            store.fill(keys, set);
            Buffers buffers = new Buffers(keys, set, encoded, copies);
            List<Contestant> contestants = List.of(
                    new StorePuts("put", store, keys, set, StorePuts.Before.THERE),
                    new Step(SAME_FILLED, buffers::compareWords),
                    compression,
                    new Step(CHECKSUM, buffers::checksum),
                    new BackendPuts(SLAB_PUT, copies, keys, encoded.encoded()).filled(),
                    new StoreGets("get", store, keys, StoreGets.Expected.HIT),
                    new Step(SLAB_GET, buffers::read),
                    decompression,
                    new StoreGets("miss", store, keys, StoreGets.Expected.MISS));
            Timings timings = plan.rounds().time(contestants, keys.places(), step);
            assert buffers.sum != 0 : "what the loops are for";
            String of = "steps, " + set.name() + ": ";
            timings.names().forEach(name -> results.detail(of + name, timings.of(name)));
            results.detail(
                    of + "put: the rest",
                    timings.rest("put", List.of(SAME_FILLED, compression.name(), CHECKSUM, SLAB_PUT)));
            results.detail(of + "get: the rest", timings.rest("get", List.of(SLAB_GET, decompression.name())));
            results.countRepeated(timings.repeated());
        }
    }

    private interface OnPlace {
        void run(int place);
    }

    private record Step(String name, OnPlace call) implements Contestant {
        @Override
        public void run(int from, int to) {
            for (int place = from; place < to; place++) {
                call.run(place);
            }
        }
    }

    /** The steps by themselves, as the store makes them. */
    private static final class Buffers {
        private final Keys keys;
        private final byte[][] pages;
        private final byte[][] encoded;
        private final BackendCopies copies;
        private final byte[] scratch = new byte[2 * PageSet.PAGE_SIZE];
        private final MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
        private final CRC32C crc32c = new CRC32C();
        private long sum;

        Buffers(Keys keys, PageSet set, EncodedSet encodedSet, BackendCopies copies) {
            this.keys = keys;
            pages = set.toArray();
            encoded = encodedSet.encoded();
            this.copies = copies;
        }

        void compareWords(int place) {
            byte[] page = pages[keys.at(place) % pages.length];
            int last = page.length - Long.BYTES;
            sum += Arrays.mismatch(page, 0, last, page, Long.BYTES, page.length);
        }

        void checksum(int place) {
            byte[] bytes = encoded[keys.at(place) % encoded.length];
            checksum(bytes, bytes.length);
        }

        private void checksum(byte[] bytes, int length) {
            crc32c.reset();
            crc32c.update(bytes, 0, length);
            sum += crc32c.getValue();
        }

        void read(int place) {
            int length = encoded[keys.at(place) % encoded.length].length;
            copies.read(place, scratchSegment, length);
            checksum(scratch, length);
        }
    }
}
