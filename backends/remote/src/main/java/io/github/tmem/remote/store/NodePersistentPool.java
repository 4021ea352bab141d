package io.github.tmem.remote.store;

import io.github.tmem.api.PageKey;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A node's pool of pages that stay. Thread-safe. */
final class NodePersistentPool extends NodePool implements PersistentPool {
    NodePersistentPool(NodeStore store, Membership membership, long number, PoolConfig config) {
        super(store, membership, number, config);
    }

    @Override
    public List<PageKey> shrink(MemorySegment destination) {
        throw new UnsupportedOperationException(
                "a node does not hand out pages of its own choice over the network: they could get lost on the way");
    }
}
