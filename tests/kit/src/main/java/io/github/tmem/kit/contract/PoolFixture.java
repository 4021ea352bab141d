package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Opens a store and one pool of each sort in turn before each test of a pool suite. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@EnumSource(PoolSort.class)
abstract class PoolFixture {

    static final int PAGE = PoolConfig.PAGE_SIZE_DEFAULT;
    static final ObjectId FILE = ObjectId.of(11, 1);
    static final byte GUARD = 0x5a;

    /** Opens and examines the stores of the suite; {@link #tiers} makes its tiers with it where it needs registered ones. */
    @RegisterExtension
    protected final StoreExtension stores = new StoreExtension();

    /** The sort of the pool under test; set before each test. */
    @Parameter
    PoolSort sort = PoolSort.EPHEMERAL_EXCLUSIVE;

    private PageStore store;
    private PagePool pool;

    /** The chain, first tier first: with room for 8 MiB of incompressible pages of up to 1 MiB, so that all pages stay. */
    protected abstract List<TierConfig> tiers();

    /** The store of the pools: of those tiers, unless a subclass opens another, with {@link #stores} too. */
    protected PageStore openStore() {
        return stores.open(StoreConfig.ofChain(tiers(), List.of()));
    }

    /** What all pools of the suite are besides their sort; nothing unless a subclass says so. */
    protected PoolConfig change(PoolConfig plain) {
        return plain;
    }

    final PoolConfig settings(String name) {
        return change(sort.pool(name));
    }

    @BeforeEach
    final void openPool() {
        store = openStore();
        pool = open(settings("pool"));
    }

    final PageStore store() {
        return store;
    }

    final PagePool pool() {
        return pool;
    }

    final PagePool open(PoolConfig config) {
        return stores.pool(store, config);
    }

    final boolean exclusive() {
        return sort.mode() == GetMode.EXCLUSIVE;
    }

    static PageKey key(long index) {
        return new PageKey(FILE, index);
    }

    /** Puts a page that must be stored. */
    static void put(PagePool pool, PageKey key, long version) {
        byte[] page = Pages.make(key, version, Shape.at(version), pool.pageSize());
        assertThat(pool.put(key.object(), key.index(), page).stored())
                .as("put of %s", key)
                .isTrue();
    }

    final void put(PageKey key, long version) {
        put(pool, key, version);
    }

    /** Gets a page and checks that it is the one of {@code version}. */
    static void assertHit(PagePool pool, PageKey key, long version) {
        byte[] page = new byte[pool.pageSize()];
        assertThat(pool.get(key.object(), key.index(), page))
                .as("hit on %s", key)
                .isTrue();
        assertThat(Pages.version(key, page)).as("version of %s", key).isEqualTo(version);
    }

    final void assertHit(PageKey key, long version) {
        assertHit(pool, key, version);
    }

    /** Gets a page that is not there, and checks that the buffer stays as it was. */
    static void assertMiss(PagePool pool, PageKey key) {
        byte[] page = guarded(pool.pageSize());
        assertThat(pool.get(key.object(), key.index(), page))
                .as("hit on %s", key)
                .isFalse();
        assertThat(page).as("buffer after a miss").isEqualTo(guarded(pool.pageSize()));
    }

    final void assertMiss(PageKey key) {
        assertMiss(pool, key);
    }

    static byte[] guarded(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, GUARD);
        return bytes;
    }
}
