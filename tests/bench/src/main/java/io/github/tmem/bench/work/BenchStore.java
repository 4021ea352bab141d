package io.github.tmem.bench.work;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.metrics.StoreMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;

/**
 * A store under test with one ephemeral, inclusive pool, and its metrics in a registry. This is the one place where benchmarks open stores: what is
 * attached here is attached to all of them.
 */
public final class BenchStore implements AutoCloseable {
    private final PageStore store;
    private final EphemeralPool pool;
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private BenchStore(StoreConfig config, int pageSize) {
        store = PageStore.open(config);
        new StoreMetrics(store).bindTo(registry);
        pool = (EphemeralPool)
                store.pool(PoolConfig.ephemeral("bench").withPageSize(pageSize).withGetMode(GetMode.INCLUSIVE));
    }

    /** A store that is big enough for {@code keys} pages, so that nothing has to move. */
    public static BenchStore roomy(String tier, long keys, int pageSize, String codec) {
        long bytes = Math.max(64L << 20, keys * (pageSize + pageSize / 8));
        TierConfig only = TierConfig.of(tier, Size.ofBytes(bytes)).withCodec(codec);
        return open(pageSize, Math.max(bytes / 16, keys * 128), only);
    }

    /** A store with LZ4 that holds the page of every key; all of them were got back and compared. */
    public static BenchStore filled(String tier, Keys keys, PageSet set) {
        BenchStore store = roomy(tier, keys.count(), PageSet.PAGE_SIZE, "lz4");
        boolean ready = false;
        try {
            store.fill(keys, set);
            store.verify(keys, set);
            ready = true;
            return store;
        } finally {
            if (!ready) {
                store.close();
            }
        }
    }

    /** A store of these tiers, the last of which drops what it has no room for. */
    public static BenchStore open(int pageSize, long directoryBytes, TierConfig... tiers) {
        TierConfig[] chain = tiers.clone();
        TierConfig last = chain[chain.length - 1];
        chain[chain.length - 1] =
                last.withWhenFull(FullAction.EVICT, last.whenFull().persistent());
        List<TierConfig> all = Arrays.asList(chain);
        return new BenchStore(
                StoreConfig.ofChain(all, List.of()).withDirectory(Size.ofBytes(directoryBytes)), pageSize);
    }

    /** A pool of this kind: the one that is there, or a new one of persistent pages. */
    public PagePool pool(PageKind kind) {
        return kind == PageKind.EPHEMERAL
                ? pool
                : store.pool(PoolConfig.persistent("bench-persistent").withPageSize(pool.pageSize()));
    }

    /** The pool. */
    public EphemeralPool pool() {
        return pool;
    }

    /** Puts the pages of all keys into a store that has room for them. */
    public void fill(Keys keys, PageSet set) {
        if (offer(keys, set) < keys.count()) {
            throw new IllegalStateException("a put was refused");
        }
    }

    /** Puts the pages of all keys. Returns how many the store took; it may have dropped others for them. */
    public int offer(Keys keys, PageSet set) {
        int stored = 0;
        for (int key = 0; key < keys.count(); key++) {
            stored +=
                    pool.put(keys.object(key), keys.index(key), set.pageOf(key)).stored() ? 1 : 0;
        }
        return stored;
    }

    /** Gets the pages of all keys and compares every byte. */
    public void verify(Keys keys, PageSet set) {
        byte[] page = new byte[pool.pageSize()];
        for (int key = 0; key < keys.count(); key++) {
            if (!pool.get(keys.object(key), keys.index(key), page) || !Arrays.equals(page, set.pageOf(key))) {
                throw new IllegalStateException("page " + key + " is wrong or missing");
            }
        }
    }

    /** The first tier. */
    public TierStats tier() {
        return store.stats().tiers().getFirst();
    }

    /** The memory that all tiers and directories use, in bytes. */
    public long bytesUsed() {
        return store.stats().tiers().stream().mapToLong(TierStats::usedBytes).sum()
                + directory().bytes();
    }

    /** The directory. */
    public DirectoryStats directory() {
        return store.stats().directories().getFirst();
    }

    @Override
    public void close() {
        store.close();
    }
}
