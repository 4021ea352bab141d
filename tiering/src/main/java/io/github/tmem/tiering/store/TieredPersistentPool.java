package io.github.tmem.tiering.store;

import io.github.tmem.api.PersistentPool;
import io.github.tmem.tiering.directory.PoolLedger;

/** The caller's handle of a pool of persistent pages. Thread-safe. */
final class TieredPersistentPool extends TieredPool implements PersistentPool {
    TieredPersistentPool(PoolLedger ledger, TieredStore store) {
        super(ledger, store);
    }
}
