package io.github.tmem.tiering.store;

import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;

/** The caller's handle of a pool of persistent pages. Thread-safe. */
final class TieredPersistentPool extends TieredPool implements PersistentPool {
    TieredPersistentPool(OpenPool pool, PoolConfig config, int sharer, TieredStore store) {
        super(pool, config, sharer, store);
    }
}
