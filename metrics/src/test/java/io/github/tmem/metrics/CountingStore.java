package io.github.tmem.metrics;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.stats.StoreStats;
import java.util.concurrent.atomic.AtomicInteger;

/** Another store, and how often it was asked for its statistics. */
final class CountingStore implements PageStore {
    private final PageStore store;
    private final AtomicInteger snapshots = new AtomicInteger();

    CountingStore(PageStore store) {
        this.store = store;
    }

    int snapshots() {
        return snapshots.get();
    }

    @Override
    public BlobPool blobs(String name) {
        return store.blobs(name);
    }

    @Override
    public BlobPool blobs(PoolConfig settings) {
        return store.blobs(settings);
    }

    @Override
    public TierChain chain(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStats stats() {
        snapshots.incrementAndGet();
        return store.stats();
    }

    @Override
    public EphemeralPool ephemeral(String name) {
        return store.ephemeral(name);
    }

    @Override
    public EphemeralPool ephemeral(String name, GetMode mode) {
        return store.ephemeral(name, mode);
    }

    @Override
    public PersistentPool persistent(String name) {
        return store.persistent(name);
    }

    @Override
    public PersistentPool persistent(String name, GetMode mode) {
        return store.persistent(name, mode);
    }

    @Override
    public PagePool pool(PoolConfig settings) {
        return store.pool(settings);
    }

    @Override
    public void record(Recorder recorder) {
        store.record(recorder);
    }

    @Override
    public void close() {
        store.close();
    }
}
