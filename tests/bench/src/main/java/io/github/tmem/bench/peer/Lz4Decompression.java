package io.github.tmem.bench.peer;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.Keys;

/**
 * Decompression from one plain array in the order of the keys. The array holds the page set once, so that it stays in the
 * cache, or every page of every key, so that it takes as much memory as a store of them.
 */
public final class Lz4Decompression implements Contestant, AutoCloseable {
    /** The name with the set once. */
    public static final String RESIDENT = "LZ4 from cache";

    /** The name with every page. */
    public static final String SPREAD = "LZ4 from memory";

    private final BareLz4 lz4 = new BareLz4();
    private final String name;
    private final byte[] source;

    /** Where the pages lie, in the order of the visits. */
    private final int[] offsets;

    private final int[] lengths;
    private final byte[] page;

    private Lz4Decompression(String name, Keys keys, EncodedSet set, int copies, int pageSize) {
        this.name = name;
        page = new byte[pageSize];
        source = new byte[Math.toIntExact(set.bytesOf(copies))];
        int[] starts = new int[copies + 1];
        for (int i = 0; i < copies; i++) {
            byte[] encoded = set.encoded()[i % set.pages()];
            System.arraycopy(encoded, 0, source, starts[i], encoded.length);
            starts[i + 1] = starts[i] + encoded.length;
        }
        offsets = new int[keys.places()];
        lengths = new int[keys.places()];
        for (int place = 0; place < offsets.length; place++) {
            int copy = keys.at(place) % copies;
            offsets[place] = starts[copy];
            lengths[place] = starts[copy + 1] - starts[copy];
        }
    }

    /** From an array that holds each page of the set once. */
    public static Lz4Decompression resident(Keys keys, EncodedSet set, int pageSize) {
        return new Lz4Decompression(RESIDENT, keys, set, set.pages(), pageSize);
    }

    /** From an array that holds the page of every key, in the order of the keys' numbers. */
    public static Lz4Decompression spread(Keys keys, EncodedSet set, int pageSize) {
        return new Lz4Decompression(SPREAD, keys, set, keys.count(), pageSize);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            lz4.decompress(source, offsets[place], lengths[place], page);
        }
    }

    @Override
    public void close() {
        lz4.close();
    }
}
