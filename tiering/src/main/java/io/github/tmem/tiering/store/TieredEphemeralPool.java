package io.github.tmem.tiering.store;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.tiering.directory.PoolLedger;

/** The caller's handle of a pool of ephemeral pages. Thread-safe. */
final class TieredEphemeralPool extends TieredPool implements EphemeralPool {
    TieredEphemeralPool(PoolLedger ledger, TieredStore store) {
        super(ledger, store);
    }
}
