package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.model.ModelPool;
import io.github.tmem.system.RandomRun.Rules;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random operations against the oracle, in rounds that know nothing of each other: every chain shape in turn, in every sort
 * of weather, with a large and with a small directory. Each round has one thread, several are under way at a time. A
 * failure names the seed of the run and the round; {@code -Dtmem.seed=…} repeats it.
 */
class ModelTest {

    private static final long OPERATIONS = Long.getLong("tmem.operations", 5_000_000) / 5 * 4;
    private static final long OPERATIONS_PER_ROUND = 12_500;
    private static final long OPERATIONS_PER_CHANGE = 250;

    /** The most pages any operation may pass by while it holds one lock. */
    private static final long LONGEST_HOLD = 512;

    private static final long CAPACITY = 128 << 10;
    private static final Size SMALL_DIRECTORY = Size.ofBytes(6_000);
    private static final Size LARGE_DIRECTORY = Size.ofBytes(64_000);
    private static final Chains.Shape[] SHAPES = Chains.Shape.values();
    private static final Weather.Sort[] WEATHERS = Weather.Sort.values();

    /** After so many rounds every shape has met every weather, with either directory. */
    private static final long ROUNDS_FOR_ALL = 2L * SHAPES.length * WEATHERS.length;

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    private final Tally tally = new Tally();

    @Test
    void S56_randomOperationsMatchTheOracle() {
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        long rounds = Math.max(1, OPERATIONS / OPERATIONS_PER_ROUND);
        AtomicLong next = new AtomicLong();
        new Race()
                .within(Duration.ofHours(2))
                .with(Runtime.getRuntime().availableProcessors(), thread -> {
                    for (long round = next.getAndIncrement(); round < rounds; round = next.getAndIncrement()) {
                        run(seed, round);
                    }
                })
                .run();
        System.out.println(tally.describe("ModelTest", rounds * OPERATIONS_PER_ROUND, seed));
        if (rounds >= ROUNDS_FOR_ALL) {
            tally.assertHappened(Weather.names());
            tally.assertHappened(
                    Arrays.stream(RandomRun.Operation.values()).map(Enum::name).toList());
            assertThat(tally.get("most victims of an ephemeral put")).isBetween(1L, 2L);
            assertThat(tally.get("longest hold")).isBetween(8L, LONGEST_HOLD);
        }
    }

    private void run(long seed, long round) {
        Chains.Shape shape = SHAPES[(int) (round % SHAPES.length)];
        Weather.Sort weather = WEATHERS[(int) (round / SHAPES.length % WEATHERS.length)];
        long pass = round / SHAPES.length / WEATHERS.length;
        try {
            run(shape, weather, pass, Pages.mix(seed + round));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("-Dtmem.seed=" + seed + ", round " + round + ", " + shape + " in " + weather, e);
        }
    }

    private void run(Chains.Shape shape, Weather.Sort sort, long pass, long seed) {
        Chains chains = new Chains(stores, seed, CAPACITY);
        PageStore store = stores.open(StoreConfig.ofChain(chains.tiers(shape), List.of())
                .withDirectory(pass % 2 == 0 ? LARGE_DIRECTORY : SMALL_DIRECTORY));
        SplittableRandom random = new SplittableRandom(seed);
        Weather weather = chains.weather(sort);
        int[] pageSizes = random.nextInt(12) == 0 ? RandomRun.LARGE_PAGES : RandomRun.SMALL_PAGES;
        Rules rules = random.nextBoolean() ? Rules.POOLS_STAY : Rules.POOLS_COME_AND_GO;
        try (RandomRun run = new RandomRun(store, random.nextLong(), pageSizes, rules)) {
            for (long operation = 1; operation <= OPERATIONS_PER_ROUND; operation++) {
                if (operation % OPERATIONS_PER_CHANGE == 0 && operation > OPERATIONS_PER_ROUND / 4) {
                    expect(weather, run);
                    weather.change();
                }
                if (shape.movesInOperationsOnly()) {
                    run.stepWithinBounds();
                } else {
                    run.step();
                }
            }
            clearUp(weather, run);
            run.end();
            run.addTo(tally);
        }
        weather.addTo(tally);
        stores.finish(store);
    }

    private static void expect(Weather weather, RandomRun run) {
        if (weather.hasOutages()) {
            run.tellOracles(ModelPool::expectOutages);
        }
        if (weather.losesPages()) {
            run.tellOracles(ModelPool::expectLosses);
        }
    }

    /** Pages that were out of reach are back; what a restart with old contents brought back is not. */
    private static void clearUp(Weather weather, RandomRun run) {
        weather.clear();
        run.tellOracles(ModelPool::outagesEnded);
        run.getEveryPage();
        if (weather.sweep()) {
            Race.until(run::knowsAllLosses);
        }
    }
}
