package io.github.tmem.node.fake;

import io.github.tmem.api.PageKey;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A fake pool of persistent pages. */
final class FakePersistentPool extends FakePool implements PersistentPool {
    FakePersistentPool(PoolConfig settings, FakePages pages) {
        super(settings, pages);
    }

    @Override
    public List<PageKey> shrink(MemorySegment destination) {
        throw new UnsupportedOperationException();
    }
}
