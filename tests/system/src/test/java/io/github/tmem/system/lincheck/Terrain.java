package io.github.tmem.system.lincheck;

import static java.util.Objects.requireNonNull;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.contract.PoolSort;
import io.github.tmem.kit.provider.BackendFactory;
import io.github.tmem.kit.provider.TestBackends;
import io.github.tmem.kit.provider.TestBackends.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The store that the scenarios of one check share, and the sort of pool they use. Lincheck makes scenarios and
 * specifications itself, without arguments, so that they find it with {@link #current}. Nothing moves in it but what
 * operations move.
 */
final class Terrain implements AutoCloseable {

    /** Chains whose first tier holds one page or two. */
    enum Shape {
        /** Every page finds room below. */
        HEAP_OVER_OFFHEAP,
        /** Every page finds room below. */
        KEYED_OVER_OFFHEAP,
        /** Ephemeral pages may be dropped in the middle, for a move never starts another. */
        KEYED_OVER_HEAP_OVER_OFFHEAP,
        /** Pages are pushed out, or refused. */
        HEAP_ALONE,
        /** Pages are pushed out, or refused. */
        KEYED_OVER_KEYED,
        /** One page: an overwrite has to give up the older copy first. */
        KEYED_ALONE
    }

    static final int PAGE = 32 << 10;
    private static final long TIGHT = 64 << 10;
    private static final long ROOMY = 8 << 20;
    private static final AtomicReference<@Nullable Terrain> CURRENT = new AtomicReference<>();

    private final PoolSort sort;
    private final List<Registration> registrations = new ArrayList<>();
    private final PageStore store;
    private final AtomicLong pools = new AtomicLong();

    Terrain(Shape shape, PoolSort sort) {
        this.sort = sort;
        this.store = PageStore.open(StoreConfig.ofChain(tiers(shape), List.of()));
        if (!CURRENT.compareAndSet(null, this)) {
            throw new IllegalStateException("another check is under way");
        }
    }

    static Terrain current() {
        return requireNonNull(CURRENT.get(), "no check is under way");
    }

    private List<TierConfig> tiers(Shape shape) {
        return switch (shape) {
            case HEAP_OVER_OFFHEAP -> List.of(demoting("heap", TIGHT), demoting("offheap", ROOMY));
            case KEYED_OVER_OFFHEAP -> List.of(keyed(PAGE), demoting("offheap", ROOMY));
            case KEYED_OVER_HEAP_OVER_OFFHEAP ->
                List.of(keyed(PAGE), demoting("heap", TIGHT), demoting("offheap", ROOMY));
            case HEAP_ALONE -> List.of(demoting("heap", TIGHT));
            case KEYED_ALONE -> List.of(keyed(PAGE));
            case KEYED_OVER_KEYED -> List.of(keyed(PAGE), keyed(PAGE));
        };
    }

    private TierConfig demoting(String type, long capacity) {
        return demoting(tier -> TestBackends.installed(type, tier), capacity);
    }

    private TierConfig keyed(long capacity) {
        return demoting(tier -> KeyedTestBackend.local(capacity), capacity);
    }

    private TierConfig demoting(BackendFactory factory, long capacity) {
        Registration registration =
                TestBackends.register("wrapped", tier -> new PausingBackend(factory.open(tier)).asBackend());
        registrations.add(registration);
        return registration
                .tier(capacity)
                .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE)
                .withWatermarks(100, 100)
                .withPromote(Promotion.ALWAYS);
    }

    PageStore store() {
        return store;
    }

    boolean isPersistent() {
        return sort.kind() == PageKind.PERSISTENT;
    }

    boolean isExclusive() {
        return sort.mode() == GetMode.EXCLUSIVE;
    }

    /** Settings under a name that no other pool of this store has had. */
    PoolConfig freshPool() {
        return sort.pool("pool" + pools.incrementAndGet()).withPageSize(PAGE);
    }

    TierStats stats(int tier) {
        return store.stats().tiers().get(tier);
    }

    @Override
    public void close() {
        CURRENT.set(null);
        store.close();
        registrations.forEach(Registration::close);
    }
}
