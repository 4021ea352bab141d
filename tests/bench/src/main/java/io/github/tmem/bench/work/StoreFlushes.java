package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.bench.timing.Contestant;

/** Flushes of single pages, in the order of the keys, but for the first pages of each object, so that the objects stay. */
public final class StoreFlushes implements Contestant {
    private final String name;
    private final EphemeralPool pool;
    private final Keys keys;

    /** Flushes from {@code store}. */
    public StoreFlushes(String name, BenchStore store, Keys keys) {
        this.name = name;
        this.pool = store.pool();
        this.keys = keys;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            if (keys.at(place) >= Keys.OBJECTS) {
                pool.flush(keys.objectAt(place), keys.indexAt(place));
            }
        }
    }
}
