package io.github.tmem.system;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.contract.PoolSort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many threads on few keys, in rounds: every chain shape in every sort of weather. No get goes back in time, no persistent
 * page is missed, no page is taken twice, nothing outlives its pool; what was out of reach is back when the weather clears.
 * The seed fixes what each thread does, not how the threads meet.
 */
class ConcurrentModelTest {

    private static final int THREADS = 4;
    private static final long OPERATIONS = Long.getLong("tmem.operations", 5_000_000) / 5;
    private static final long OPERATIONS_PER_ROUND_MAX = 100_000;
    private static final int OPERATIONS_PER_CHANGE = 100;
    private static final long CAPACITY = 64 << 10;
    private static final int[] PAGE_SIZES = {1024, 8192, 512, 4096};
    private static final Chains.Shape[] SHAPES = Chains.Shape.values();
    private static final Weather.Sort[] WEATHERS = Weather.Sort.values();

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    private final Tally tally = new Tally();

    @Test
    void S56_noGetGoesBackInTime() {
        run("ConcurrentModelTest", OPERATIONS, Building.NONE);
        if (OPERATIONS >= 1_000_000) {
            tally.assertHappened(
                    List.of("FLUSH", "CONTAINS", "PUT_ALL", "GET_ALL", "FLUSH_OBJECT", "COUNT", "DESTROY"));
            tally.assertHappened(List.of("FILLED", "OUTDATED"));
        }
    }

    @Test
    void S56_noGetGoesBackInTimeWhileTiersComeAndGo() {
        run("ConcurrentModelTest, tiers come and go", OPERATIONS / 4, Building.ALL_THE_TIME);
        if (OPERATIONS >= 1_000_000) {
            tally.assertHappened(List.of("ATTACH", "FREEZE", "REORDER", "RECODE"));
            tally.assertHappened(List.of("DETACH_COMPLETE", "DRAIN_COMPLETE", "DRAIN_NO_ROOM", "RESIZE_COMPLETE"));
        }
        if (OPERATIONS >= 10_000_000) { // of these a million operations see two to six, and sometimes none
            tally.assertHappened(List.of("DRAIN_CANCELLED", "RESIZE_NO_ROOM"));
        }
    }

    /** Whether the tiers of the chain change during a run. */
    private enum Building {
        NONE,
        ALL_THE_TIME
    }

    private void run(String name, long operations, Building building) {
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        int combinations = SHAPES.length * WEATHERS.length;
        long passes = Math.max(1, operations / (combinations * OPERATIONS_PER_ROUND_MAX));
        long rounds = passes * combinations;
        for (int round = 0; round < rounds; round++) {
            Chains.Shape shape = SHAPES[round % SHAPES.length];
            Weather.Sort weather = WEATHERS[round / SHAPES.length % WEATHERS.length];
            try {
                run(shape, weather, Pages.mix(seed + round), operations / rounds, building);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "-Dtmem.seed=" + seed + ", round " + round + ", " + shape + " in " + weather, e);
            }
        }
        System.out.println(tally.describe(name, operations, seed));
        if (operations >= 1_000_000) {
            tally.assertHappened(Weather.names());
            tally.assertHappened(List.of("HIT", "MISS", "UNAVAILABLE", "LOST", "STORED", "REFUSED"));
        }
    }

    private void run(Chains.Shape shape, Weather.Sort sort, long seed, long operations, Building building) {
        Chains chains = new Chains(stores, seed, CAPACITY);
        PageStore store = stores.open(StoreConfig.ofChain(chains.tiers(shape), List.of()));
        Weather weather = chains.weather(sort);
        List<SharedPool> pools = new ArrayList<>();
        for (PoolSort poolSort : PoolSort.values()) {
            pools.add(new SharedPool(
                    store, poolSort.pool(poolSort.name()).withPageSize(PAGE_SIZES[pools.size()]), weather, tally));
        }
        CountDownLatch atWork = new CountDownLatch(THREADS);
        Race race = new Race().with(THREADS, thread -> {
            try {
                SplittableRandom random = new SplittableRandom(Pages.mix(seed + thread));
                for (long operation = 1; operation <= operations / THREADS; operation++) {
                    pools.get(random.nextInt(pools.size())).step(random);
                    if (thread == 0 && operation % OPERATIONS_PER_CHANGE == 0) {
                        weather.change();
                    }
                }
            } finally {
                atWork.countDown();
            }
        });
        if (building == Building.ALL_THE_TIME) {
            Rebuilder rebuilder = new Rebuilder(store, chains, CAPACITY, seed, tally);
            race.with(() -> {
                while (atWork.getCount() > 0) {
                    rebuilder.step();
                }
            });
        }
        race.run();
        clearUp(weather, pools, store);
        StoreExtension.verify(store);
        pools.forEach(SharedPool::checkAtRest);
        tally.atLeast("longest hold", ((SelfChecking) store).longestHold());
        pools.forEach(SharedPool::close);
        weather.addTo(tally);
        stores.finish(store);
    }

    private static void clearUp(Weather weather, List<SharedPool> pools, PageStore store) {
        weather.clear();
        pools.forEach(SharedPool::outagesEnded);
        pools.forEach(SharedPool::getEveryPage);
        if (weather.sweep()) {
            Race.until(() -> {
                pools.forEach(SharedPool::getEveryPage);
                return RandomRun.isSound(store);
            });
        }
    }
}
