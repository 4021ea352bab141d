package io.github.tmem.remote.store;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.config.PoolConfig;

/** A node's pool of pages that may vanish. Thread-safe. */
final class NodeEphemeralPool extends NodePool implements EphemeralPool {
    NodeEphemeralPool(NodeStore store, Membership membership, long number, PoolConfig config) {
        super(store, membership, number, config);
    }
}
