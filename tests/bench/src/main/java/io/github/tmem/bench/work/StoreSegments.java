package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.bench.timing.Contestant;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A put and a get of every page in segments that were made beforehand, in the order of the keys. Either may be in vain. */
public final class StoreSegments implements Contestant {
    private final String name;
    private final EphemeralPool pool;
    private final Keys keys;
    private final MemorySegment[] pages;
    private final MemorySegment page;
    private long hits;

    /** On {@code store}. */
    public StoreSegments(String name, BenchStore store, Keys keys, PageSet set) {
        this.name = name;
        this.pool = store.pool();
        this.keys = keys;
        pages = Arrays.stream(set.toArray()).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
        page = MemorySegment.ofArray(new byte[pool.pageSize()]);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            pool.put(keys.objectAt(place), keys.indexAt(place), pages[keys.at(place) % pages.length]);
            hits += pool.get(keys.objectAt(place), keys.indexAt(place), page) ? 1 : 0;
        }
    }

    /** The gets so far that hit. */
    public long hits() {
        return hits;
    }
}
