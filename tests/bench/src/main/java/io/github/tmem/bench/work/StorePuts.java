package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.bench.timing.Contestant;

/** Puts into a store, in the order of the keys. */
public final class StorePuts implements Contestant {
    /** Whether the keys have a page already. */
    public enum Before {
        /** They have: the put replaces it. */
        THERE,
        /** They have none: what was there is flushed first, which is not timed. */
        ABSENT,
        /** Some have: the store is full, and may refuse a put whose room it cannot make within its bounds. */
        FULL
    }

    private final String name;
    private final EphemeralPool pool;
    private final Keys keys;
    private final byte[][] pages;
    private final Before before;

    /** Puts into {@code store}. */
    public StorePuts(String name, BenchStore store, Keys keys, PageSet set, Before before) {
        this.name = name;
        this.pool = store.pool();
        this.keys = keys;
        this.before = before;
        pages = set.toArray();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(int from, int to) {
        for (int place = from; before == Before.ABSENT && place < to; place++) {
            pool.flush(keys.objectAt(place), keys.indexAt(place));
        }
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            boolean stored = pool.put(keys.objectAt(place), keys.indexAt(place), pages[keys.at(place) % pages.length])
                    .stored();
            if (!stored && before != Before.FULL) {
                throw new IllegalStateException("a put was refused");
            }
        }
    }
}
