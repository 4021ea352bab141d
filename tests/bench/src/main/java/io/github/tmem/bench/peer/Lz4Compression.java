package io.github.tmem.bench.peer;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;

/** Compression of the pages in the order of the keys, into memory that stays in the cache. */
public final class Lz4Compression implements Contestant, AutoCloseable {
    private final BareLz4 lz4 = new BareLz4();
    private final Keys keys;
    private final byte[][] pages;
    private long bytes;

    /** Over the page of every key. */
    public Lz4Compression(Keys keys, PageSet set) {
        this.keys = keys;
        pages = set.toArray();
    }

    @Override
    public String name() {
        return "LZ4 compression";
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            bytes += lz4.compressAway(pages[keys.at(place) % pages.length]);
        }
    }

    /** The bytes that came out so far: the result that keeps the loop from being left out. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        lz4.close();
    }
}
