package io.github.tmem.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Caffeine with encoded pages as arrays on the heap. It is bounded and keeps the books that a bound needs, but has room for
 * twice the pages. It keeps them in the thread that calls: elsewhere another processor would do it, beside what is timed.
 */
public final class CaffeineCache implements EncodedCache {
    /** What it is called in reports. */
    public static final String NAME = "Caffeine";

    private final Cache<Long, byte[]> cache;

    /** An empty cache with room for twice {@code pages}. */
    public CaffeineCache(int pages) {
        cache = Caffeine.newBuilder()
                .maximumSize(2L * pages)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void put(Long name, byte[] encoded) {
        cache.put(name, encoded);
    }

    @Override
    public byte @Nullable [] get(Long name) {
        return cache.getIfPresent(name);
    }

    @Override
    public void close() {
        cache.invalidateAll();
        cache.cleanUp();
    }
}
