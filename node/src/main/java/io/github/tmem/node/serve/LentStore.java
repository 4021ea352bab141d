package io.github.tmem.node.serve;

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
import io.github.tmem.node.config.Lending;

/** A store as peers may use it: no pool of theirs is in a chain with a tier of another machine. Thread-safe. */
final class LentStore implements PageStore {
    private final PageStore store;
    private final Lending lending;

    LentStore(PageStore store, Lending lending) {
        this.store = store;
        this.lending = lending;
    }

    @Override
    public PagePool pool(PoolConfig settings) {
        lending.check(settings);
        return store.pool(settings);
    }

    @Override
    public BlobPool blobs(PoolConfig settings) {
        lending.check(settings);
        return store.blobs(settings);
    }

    // what the node opens by name is what its configuration was checked for

    @Override
    public BlobPool blobs(String name) {
        return store.blobs(name);
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
    public TierChain chain(String name) {
        return store.chain(name);
    }

    @Override
    public StoreStats stats() {
        return store.stats();
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
