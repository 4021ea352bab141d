package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import java.util.HashMap;
import java.util.Map;

/** A write-through pool and what its caller writes below: no more than the puts ask for. For one thread. */
final class WrittenBelow {
    private static final ObjectId OBJECT = ObjectId.of(7);

    private final PagePool pool;
    private final Map<Long, Long> versions = new HashMap<>();

    WrittenBelow(PagePool pool) {
        this.pool = pool;
    }

    void put(long index, long version) {
        PutResult result = Scene.put(pool, new PageKey(OBJECT, index), version);
        assertThat(result.writeBelow()).as("%s", result).isTrue();
        versions.put(index, version);
    }

    /** The version of a page: from the pool if it is there, else from below. */
    long read(long index) {
        long found = Delivery.get(pool, new PageKey(OBJECT, index));
        return found == 0 ? versions.getOrDefault(index, 0L) : found;
    }
}
