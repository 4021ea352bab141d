package io.github.tmem.tiering.store;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.config.PoolConfig;

/** The caller's handle of a pool of ephemeral pages. Thread-safe. */
final class TieredEphemeralPool extends TieredPool implements EphemeralPool {
    TieredEphemeralPool(OpenPool pool, PoolConfig config, int sharer, TieredStore store) {
        super(pool, config, sharer, store);
    }
}
