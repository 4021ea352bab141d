package io.github.tmem.bench.cache;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.Keys;
import org.ehcache.Cache;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.MemoryUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ehcache 3 with encoded pages off the heap and nothing on it. What it is given it takes from the system at once; the memory
 * goes back some time after {@link #close}, when the garbage collector finds its buffers.
 */
public final class EhcacheCache implements EncodedCache {
    /** What it is called in reports. */
    public static final String NAME = "Ehcache";

    /** The least it can be given, in bytes. */
    public static final long CAPACITY_MIN = 1 << 20;

    /** What a roomy one is given beyond twice the encoded pages, in bytes. */
    private static final long SPARE = 64L << 20;

    private static final String ALIAS = "pages";

    private final CacheManager manager;
    private final Cache<Long, byte[]> cache;

    /** An empty cache with more than enough memory for the pages of all keys. */
    public static EhcacheCache roomy(Keys keys, EncodedSet set) {
        return new EhcacheCache(2 * set.bytesOf(keys.count()) + SPARE);
    }

    /** An empty cache with {@code bytes} of memory, {@value #CAPACITY_MIN} or more. */
    public EhcacheCache(long bytes) {
        manager = CacheManagerBuilder.newCacheManagerBuilder()
                .withCache(
                        ALIAS,
                        CacheConfigurationBuilder.newCacheConfigurationBuilder(
                                Long.class,
                                byte[].class,
                                ResourcePoolsBuilder.newResourcePoolsBuilder().offheap(bytes, MemoryUnit.B)))
                .build(true);
        cache = manager.getCache(ALIAS, Long.class, byte[].class);
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
        return cache.get(name);
    }

    @Override
    public void close() {
        manager.close();
    }
}
