package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.contract.PoolSort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many threads on few keys: no get goes back in time, no persistent page is missed, no page is taken twice. The seed fixes
 * what each thread does, not how the threads meet.
 */
class ConcurrentModelTest {

    private static final int THREADS = 4;
    private static final long OPERATIONS = Long.getLong("tmem.operations", 1_000_000) / 40;
    private static final int[] PAGE_SIZES = {4096, 16384, 65536, 4096};

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    @ParameterizedTest
    @EnumSource(Chains.Shape.class)
    void noGetGoesBackInTime(Chains.Shape shape) {
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        PageStore store = stores.open(StoreConfig.ofChain(new Chains(stores, seed).tiers(shape), List.of()));
        List<SharedPool> pools = new ArrayList<>();
        for (PoolSort sort : PoolSort.values()) {
            PagePool pool = stores.pool(store, sort.pool(sort.name()).withPageSize(PAGE_SIZES[pools.size()]));
            pools.add(new SharedPool(pool));
        }
        try {
            new Race()
                    .with(THREADS, thread -> run(pools, Pages.mix(seed + thread)))
                    .run();
        } catch (AssertionError e) {
            throw new AssertionError("-Dtmem.seed=" + seed + ", " + shape, e);
        }
        assertThat(pools).allSatisfy(SharedPool::checkAtRest);
        stores.finish(store);
    }

    private static void run(List<SharedPool> pools, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (long operation = 0; operation < OPERATIONS / THREADS; operation++) {
            pools.get(random.nextInt(pools.size())).step(random);
        }
    }
}
