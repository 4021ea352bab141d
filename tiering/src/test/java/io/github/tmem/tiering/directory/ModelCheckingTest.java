package io.github.tmem.tiering.directory;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * The two parts of the directory that work without a shard's lock, with threads switched on purpose at every access to
 * what they share.
 */
class ModelCheckingTest {
    private static final int SCENARIOS = Boolean.getBoolean("tmem.stress") ? 200 : 5;

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2);
    }

    @Test
    void anObjectIsAttachedUntilItIsDetachedOrEmpty() {
        options().check(ObjectScenario.class);
    }

    @Test
    void anEntryIsTakenOnce() {
        options().check(EntriesScenario.class);
    }
}
