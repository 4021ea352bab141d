package io.github.tmem.node.fake;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.stats.PoolStats;
import java.lang.foreign.MemorySegment;

/**
 * What fake pools of both kinds do. The demo uses no batches and looks at no single key, so those calls fail.
 */
abstract class FakePool {
    private final PoolConfig settings;
    private final FakePages pages;

    FakePool(PoolConfig settings, FakePages pages) {
        this.settings = settings;
        this.pages = pages;
    }

    public String name() {
        return settings.name();
    }

    public GetMode getMode() {
        return settings.getMode();
    }

    public int pageSize() {
        return settings.pageSize();
    }

    public PutResult put(ObjectId object, long index, MemorySegment page) {
        return pages.put(object, index, page);
    }

    public long fillToken(ObjectId object, long index) {
        throw new UnsupportedOperationException();
    }

    public PutResult put(ObjectId object, long index, MemorySegment page, long token) {
        throw new UnsupportedOperationException();
    }

    public boolean get(ObjectId object, long index, MemorySegment destination) {
        return pages.get(object, index, destination);
    }

    public <E extends Exception> boolean getOrFill(
            ObjectId object, long index, MemorySegment destination, PageLoader<E> loader) {
        throw new UnsupportedOperationException();
    }

    public AsyncPool async() {
        throw new UnsupportedOperationException();
    }

    public PoolTransfer transfer() {
        throw new UnsupportedOperationException();
    }

    public PutResult[] putAll(ObjectId object, long[] indexes, MemorySegment batch) {
        throw new UnsupportedOperationException();
    }

    public GetResult[] getAll(ObjectId object, long[] indexes, MemorySegment destination) {
        throw new UnsupportedOperationException();
    }

    public boolean contains(ObjectId object, long index) {
        throw new UnsupportedOperationException();
    }

    public boolean flush(ObjectId object, long index) {
        return pages.flush(object, index);
    }

    public long flushObject(ObjectId object) {
        return pages.flushObject(object);
    }

    public long pageCount() {
        return pages.count();
    }

    public PoolStats stats() {
        return pages.stats();
    }

    public boolean isClosed() {
        return false;
    }

    public void close() {}
}
