package io.github.tmem.node.fake;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import java.lang.foreign.MemorySegment;

/** A fake pool. The demo uses no batches and looks at no single key, so those calls fail. */
record FakeEphemeralPool(PoolConfig settings, FakePages pages) implements EphemeralPool {
    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public GetMode getMode() {
        return settings.getMode();
    }

    @Override
    public int pageSize() {
        return settings.pageSize();
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment page) {
        return pages.put(object, index, page);
    }

    @Override
    public boolean get(ObjectId object, long index, MemorySegment destination) {
        return pages.get(object, index, destination);
    }

    @Override
    public PutResult[] putAll(ObjectId object, long[] indexes, MemorySegment pages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public GetResult[] getAll(ObjectId object, long[] indexes, MemorySegment destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean contains(ObjectId object, long index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        return pages.flush(object, index);
    }

    @Override
    public long flushObject(ObjectId object) {
        return pages.flushObject(object);
    }

    @Override
    public long pageCount() {
        return pages.count();
    }

    @Override
    public PoolStats stats() {
        return pages.stats();
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public void close() {}
}
