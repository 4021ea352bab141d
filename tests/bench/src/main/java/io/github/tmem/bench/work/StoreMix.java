package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.bench.timing.Contestant;

/** As many puts as gets, in turn, in the order of the keys, which all have a page. An operation is one of them. */
public final class StoreMix implements Contestant {
    private final String name;
    private final EphemeralPool pool;
    private final Keys keys;
    private final byte[][] pages;
    private final byte[] page;

    /** On {@code store}. */
    public StoreMix(String name, BenchStore store, Keys keys, PageSet set) {
        this.name = name;
        this.pool = store.pool();
        this.keys = keys;
        pages = set.toArray();
        page = new byte[pool.pageSize()];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            boolean done = (place & 1) == 0
                    ? pool.put(keys.objectAt(place), keys.indexAt(place), pages[keys.at(place) % pages.length])
                            .stored()
                    : pool.get(keys.objectAt(place), keys.indexAt(place), page);
            if (!done) {
                throw new IllegalStateException(name + ": operation " + place + " failed");
            }
        }
    }
}
