package io.github.tmem.node.fake;

import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;

/** A fake pool of persistent pages. */
final class FakePersistentPool extends FakePool implements PersistentPool {
    FakePersistentPool(PoolConfig settings, FakePages pages) {
        super(settings, pages);
    }
}
