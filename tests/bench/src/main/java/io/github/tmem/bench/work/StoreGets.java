package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.bench.timing.Contestant;

/** Gets from a store, in the order of the keys. */
public final class StoreGets implements Contestant {
    /** What the gets find. */
    public enum Expected {
        /** A page, every time. */
        HIT,
        /** Nothing. */
        MISS,
        /** A page or nothing: some had to make room. */
        ANYTHING
    }

    private final String name;
    private final EphemeralPool pool;
    private final Keys keys;
    private final Expected expected;
    private final byte[] page;

    /** Gets from {@code store}. */
    public StoreGets(String name, BenchStore store, Keys keys, Expected expected) {
        this.name = name;
        this.pool = store.pool();
        this.keys = keys;
        this.expected = expected;
        page = new byte[pool.pageSize()];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int from, int to) {
        int asExpected = expected == Expected.MISS ? misses(from, to) : hits(from, to);
        if (asExpected != to - from && expected != Expected.ANYTHING) {
            throw new IllegalStateException(name + ": " + asExpected + " of " + (to - from) + " were a " + expected);
        }
    }

    private int hits(int from, int to) {
        int hits = 0;
        for (int place = from; place < to; place++) {
            hits += pool.get(keys.objectAt(place), keys.indexAt(place), page) ? 1 : 0;
        }
        return hits;
    }

    private int misses(int from, int to) {
        int misses = 0;
        for (int place = from; place < to; place++) {
            misses += pool.get(keys.objectAt(place), keys.absentIndexAt(place), page) ? 0 : 1;
        }
        return misses;
    }
}
