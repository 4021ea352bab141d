package io.github.tmem.bench.peer.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** W-TinyLFU: not simulated, but Caffeine itself with as many entries, doing its upkeep in the calling thread. */
public final class TinyLfu implements PageCache {
    private final Cache<Integer, Boolean> cache;

    /** An empty cache of {@code capacity} pages, at least 1. */
    public TinyLfu(int capacity) {
        cache = Caffeine.newBuilder()
                .maximumSize(capacity)
                .initialCapacity(capacity)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public boolean get(int page) {
        return cache.getIfPresent(page) != null;
    }

    @Override
    public void put(int page) {
        cache.put(page, Boolean.TRUE);
    }

    @Override
    public void flush(int page) {
        cache.invalidate(page);
    }
}
