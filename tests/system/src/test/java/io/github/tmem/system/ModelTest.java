package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.StoreExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random operations against the oracle, in rounds: every chain shape in turn, every second pass with tiers that fail. A
 * failure names the seed of the run; {@code -Dtmem.seed=…} repeats it.
 */
class ModelTest {

    private static final long OPERATIONS = Long.getLong("tmem.operations", 1_000_000);
    private static final long OPERATIONS_PER_ROUND = 12_500;

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    @Test
    void randomOperationsMatchTheOracle() {
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        long rounds = Math.max(1, OPERATIONS / OPERATIONS_PER_ROUND);
        long injected = 0;
        for (int round = 0; round < rounds; round++) {
            try {
                injected += round(round, Pages.mix(seed + round));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dtmem.seed=" + seed + ", round " + round + ", " + shape(round), e);
            }
        }
        if (rounds > 2L * Chains.Shape.values().length) {
            assertThat(injected).as("faults met with seed %d", seed).isPositive();
        }
    }

    private long round(int round, long seed) {
        Chains chains = new Chains(stores, seed);
        PageStore store = stores.open(StoreConfig.ofChain(chains.tiers(shape(round)), List.of()));
        RandomRun run = new RandomRun(store, seed);
        boolean faults = round / Chains.Shape.values().length % 2 == 1;
        for (long operation = 0; operation < OPERATIONS_PER_ROUND; operation++) {
            if (faults && operation == OPERATIONS_PER_ROUND / 4) {
                run.expectFaults();
                chains.breakTiers();
            }
            run.step();
        }
        chains.heal();
        run.end();
        stores.finish(store);
        return chains.injected();
    }

    private static Chains.Shape shape(int round) {
        Chains.Shape[] shapes = Chains.Shape.values();
        return shapes[round % shapes.length];
    }
}
