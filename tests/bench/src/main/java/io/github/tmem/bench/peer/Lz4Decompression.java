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
    private final Keys keys;
    private final byte[] source;
    private final int[] offsets;
    private final byte[] page;

    private Lz4Decompression(String name, Keys keys, EncodedSet set, int copies, int pageSize) {
        this.name = name;
        this.keys = keys;
        page = new byte[pageSize];
        source = new byte[Math.toIntExact(set.bytesOf(copies))];
        offsets = new int[copies + 1];
        for (int i = 0; i < copies; i++) {
            byte[] encoded = set.encoded()[i % set.pages()];
            System.arraycopy(encoded, 0, source, offsets[i], encoded.length);
            offsets[i + 1] = offsets[i] + encoded.length;
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
        int copies = offsets.length - 1;
        for (int place = from; place < to; place++) {
            int copy = keys.at(place) % copies;
            lz4.decompress(source, offsets[copy], offsets[copy + 1] - offsets[copy], page);
        }
    }

    @Override
    public void close() {
        lz4.close();
    }
}
