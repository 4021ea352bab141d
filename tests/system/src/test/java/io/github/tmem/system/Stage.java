package io.github.tmem.system;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A store over keyed test backends whose calls a test can stop, with pages that name their key and version. Capacities
 * are in pages that do not compress, so a test knows exactly when a tier is full; nothing moves in the background unless
 * a test sets watermarks.
 */
final class Stage implements AutoCloseable {
    static final int PAGE = 4096;

    private final List<KeyedTestBackend> backends = new ArrayList<>();
    private final List<HookedBackend> hooks = new ArrayList<>();
    private final Deque<TestBackends.Registration> registrations = new ArrayDeque<>();
    private final List<PagePool> pools = new ArrayList<>();
    private final List<BlobPool> blobs = new ArrayList<>();
    private final PageStore store;

    private Stage(List<KeyedTestBackend> backends, UnaryOperator<TierConfig> change, String directory) {
        PageStore.Builder builder = PageStore.builder().directory(directory);
        for (KeyedTestBackend backend : backends) {
            HookedBackend hooked = new HookedBackend(backend);
            TestBackends.Registration registration = TestBackends.register("wrapped", tier -> hooked);
            registrations.push(registration);
            this.backends.add(backend);
            hooks.add(hooked);
            long capacity = backend.usage().capacityBytes();
            builder.tier(change.apply(registration.tier(capacity).withWatermarks(100, 100)));
        }
        store = builder.open();
    }

    /** A chain of local tiers of so many pages each. */
    static Stage of(int... pages) {
        return of(tier -> tier, pages);
    }

    /** A chain of local tiers of so many pages each, with other settings. */
    static Stage of(UnaryOperator<TierConfig> change, int... pages) {
        return new Stage(
                Arrays.stream(pages)
                        .mapToObj(count -> KeyedTestBackend.local((long) count * PAGE))
                        .toList(),
                change,
                "5%");
    }

    /** A chain of these tiers, with other settings. */
    static Stage over(UnaryOperator<TierConfig> change, KeyedTestBackend... tiers) {
        return new Stage(List.of(tiers), change, "5%");
    }

    /** A local tier of {@code localPages} above a slow one of {@code slowPages}. */
    static Stage aboveSlow(int localPages, int slowPages) {
        return over(
                tier -> tier,
                KeyedTestBackend.local((long) localPages * PAGE),
                KeyedTestBackend.slow((long) slowPages * PAGE));
    }

    /** One local tier, and a directory of so many bytes. */
    static Stage withDirectory(String directory, int pages) {
        return new Stage(List.of(KeyedTestBackend.local((long) pages * PAGE)), tier -> tier, directory);
    }

    /** A directory of so many bytes, and these tiers. */
    static Stage withDirectory(String directory, UnaryOperator<TierConfig> change, KeyedTestBackend... tiers) {
        return new Stage(List.of(tiers), change, directory);
    }

    /** A tier with another capacity than its engine. */
    static TierConfig withCapacity(TierConfig tier, long bytes) {
        return tier.withCapacity(Size.ofBytes(bytes));
    }

    static UnaryOperator<TierConfig> whenFull(FullAction ephemeral, FullAction persistent) {
        return tier -> tier.withWhenFull(ephemeral, persistent);
    }

    /** The bytes of so many pages. */
    static Size pages(long count) {
        return Size.ofBytes(count * PAGE);
    }

    PageStore store() {
        return store;
    }

    /** The tiers, to be changed. */
    TierChain chain() {
        return store.chain(PoolConfig.CHAIN_DEFAULT);
    }

    /** The name of the tier at a place in the chain. */
    String name(int tier) {
        return chain().tiers().get(tier);
    }

    /** A new ephemeral pool. */
    EphemeralPool ephemeral(GetMode mode) {
        EphemeralPool pool = store.ephemeral("pool" + pools.size(), mode);
        pools.add(pool);
        return pool;
    }

    /** A new persistent pool. */
    PersistentPool persistent(GetMode mode) {
        PersistentPool pool = store.persistent("pool" + pools.size(), mode);
        pools.add(pool);
        return pool;
    }

    /** A new pool of these settings, with pages of {@link #PAGE} bytes. */
    PagePool open(PoolConfig config) {
        PagePool pool = store.pool(config);
        pools.add(pool);
        return pool;
    }

    /** A new pool of values. */
    BlobPool blobs() {
        return blobs(PoolConfig.ephemeral("values" + blobs.size()));
    }

    /** A new pool of values, of these settings. */
    BlobPool blobs(PoolConfig config) {
        BlobPool pool = store.blobs(config);
        blobs.add(pool);
        return pool;
    }

    KeyedTestBackend tier(int number) {
        return backends.get(number);
    }

    /** Where a test makes the calls to a tier throw, or do something else besides. */
    HookedBackend hooks(int number) {
        return hooks.get(number);
    }

    TierStats stats(int tier) {
        return store.stats().tiers().get(tier);
    }

    /** The number of copies in a tier. */
    long copies(int tier) {
        return backends.get(tier).usage().copies();
    }

    long copies() {
        return backends.stream().mapToLong(backend -> backend.usage().copies()).sum();
    }

    static byte[] page(ObjectId object, long index, long version) {
        return Pages.make(key(object, index), version, Shape.INCOMPRESSIBLE, PAGE);
    }

    private static PageKey key(ObjectId object, long index) {
        return new PageKey(object, index);
    }

    boolean put(PagePool pool, ObjectId object, long index, long version) {
        return pool.put(object, index, page(object, index, version)).stored();
    }

    /** Puts a page that codecs make short. */
    static boolean putCompressible(PagePool pool, ObjectId object, long index) {
        byte[] page = Pages.make(key(object, index), 1, Shape.COMPRESSIBLE, PAGE);
        return pool.put(object, index, page).stored();
    }

    /** The version a get delivers, or 0 on a miss; fails if the buffer was touched on a miss, or holds anything else. */
    long get(PagePool pool, ObjectId object, long index) {
        return Delivery.get(pool, key(object, index));
    }

    /** Walks the store and compares it with its backends. */
    void verify() {
        ((SelfChecking) store).verify();
    }

    private boolean isStoreClosed() {
        try {
            store.stats();
            return false;
        } catch (PoolClosedException closed) {
            return true;
        }
    }

    /** Checks the invariants, closes the store unless the test has, and checks that no copy is left behind. */
    @Override
    public void close() {
        if (isStoreClosed()) { // which asserts that its tiers are empty
            registrations.forEach(TestBackends.Registration::close);
            return;
        }
        backends.forEach(backend -> backend.gate().close());
        backends.forEach(backend -> backend.link(Link.UP));
        hooks.forEach(HookedBackend::heal);
        verify();
        pools.forEach(PagePool::close);
        blobs.forEach(BlobPool::close);
        verify();
        long left = copies();
        store.close();
        for (TestBackends.Registration registration : registrations) {
            registration.close();
        }
        if (left != 0) {
            throw new AssertionError(left + " copies were left in the backends after their pools were destroyed");
        }
    }
}
