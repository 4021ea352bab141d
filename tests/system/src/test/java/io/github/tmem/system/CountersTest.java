package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.contract.PoolSort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Counters add up after random work on tiny chains (L11): those of each pool with what its callers saw, and those of the
 * pools with those of tiers and directory, which the store compares itself. Closing the store's pools at the end gives
 * back every page and byte.
 */
class CountersTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int OPERATIONS = 8_000;
    private static final int SEEDS = 2;

    /** So few entries that evictions and refusals come from the directory as well. */
    private static final Size SMALL_DIRECTORY = Size.ofBytes(100 * 60);

    private enum Tiers {
        WORK,
        FAIL_AT_TIMES
    }

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    @ParameterizedTest
    @EnumSource(Chains.Shape.class)
    void countersAddUp(Chains.Shape shape) {
        List<CountedPool> pools = run(shape, StoreConfig.DEFAULT_DIRECTORY, Tiers.WORK);
        assertThat(pools)
                .allMatch(pool -> pool.seen().stored() > 0 && pool.seen().hits() > 0);
        assertThat(pools).anyMatch(pool -> pool.seen().evicted() > 0);
        if (shape.movesInOperationsOnly()) { // else a background that is fast enough may leave room for every page
            assertThat(pools).anyMatch(pool -> pool.seen().refusedTotal() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Chains.Shape.class)
    void countersAddUpWhenTiersFail(Chains.Shape shape) {
        List<CountedPool> pools = run(shape, StoreConfig.DEFAULT_DIRECTORY, Tiers.FAIL_AT_TIMES);
        assertThat(pools).anyMatch(pool -> pool.seen().dropped() + pool.seen().lost() > 0);
    }

    @ParameterizedTest
    @EnumSource(Chains.Shape.class)
    void countersAddUpWhenTheDirectoryIsFull(Chains.Shape shape) {
        for (Tiers tiers : Tiers.values()) {
            List<CountedPool> pools = run(shape, SMALL_DIRECTORY, tiers);
            assertThat(pools).anyMatch(pool -> pool.seen().refused().getOrDefault(Refusal.DIRECTORY_FULL, 0L) > 0);
        }
    }

    private List<CountedPool> run(Chains.Shape shape, Size directory, Tiers tiers) {
        List<CountedPool> all = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Chains chains = new Chains(stores, seed);
            PageStore store = stores.open(
                    StoreConfig.ofChain(chains.tiers(shape), List.of()).withDirectory(directory));
            List<CountedPool> pools = Arrays.stream(PoolSort.values())
                    .map(sort -> new CountedPool(stores.pool(store, sort.pool(sort.name()))))
                    .toList();
            SplittableRandom random = new SplittableRandom(Pages.mix(seed));
            for (int i = 0; i < OPERATIONS; i++) {
                if (tiers == Tiers.FAIL_AT_TIMES && i == OPERATIONS / 4) {
                    chains.breakTiers();
                }
                pools.get(random.nextInt(pools.size())).step(random);
            }
            chains.heal();
            pools.forEach(CountedPool::check);
            stores.finish(store); // walks the store, closes the pools, walks the store and looks for what is left
            all.addAll(pools);
        }
        return all;
    }

    @Test
    void aLostPageThatIsReplacedIsLostNoMore() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).restart(Map.of());
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            assertThat(pool.stats().lostPages()).isEqualTo(1);
            stage.put(pool, FILE, 0, 2);
            assertThat(pool.stats().lostPages()).isZero();
            assertThat(pool.stats().lost()).isEqualTo(1);
            assertThat(pool.stats().replaced()).isZero();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(GetMode.class)
    void aGetThatCannotDeliverIsNoHit(GetMode mode) {
        try (Stage stage = Stage.of(4);
                Arena whole = Arena.ofShared()) {
            EphemeralPool pool = stage.ephemeral(mode);
            stage.put(pool, FILE, 0, 1);
            Arena brief = Arena.ofShared();
            MemorySegment destination = brief.allocate(Stage.PAGE);
            stage.hooks(0).at("get-done", brief::close);
            assertThatThrownBy(() -> pool.get(FILE, 0, destination)).isInstanceOf(IllegalStateException.class);
            stage.hooks(0).heal();
            stage.verify();
            assertThat(stage.stats(0).hits()).isZero();
            stage.put(pool, FILE, 1, 1);
            assertThat(pool.get(FILE, 1, whole.allocate(Stage.PAGE))).isTrue();
            assertThat(stage.stats(0).hits()).isEqualTo(1);
        }
    }
}
