package io.github.tmem.tiering.directory;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * The two parts of the directory that work without a shard's lock, with threads switched on purpose at every access to
 * what they share.
 */
class ModelCheckingTest {
    private static final boolean LONG = Boolean.getBoolean("tmem.stress");

    private static ModelCheckingOptions scenarios(int count) {
        return new ModelCheckingOptions()
                .iterations(LONG ? 20 * count : count)
                .invocationsPerIteration(150)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2);
    }

    @Test
    void anObjectIsAttachedUntilItIsDetachedOrEmpty() {
        scenarios(4).check(ObjectScenario.class);
    }

    @Test
    void anEntryIsTakenOnce() {
        scenarios(12).check(EntriesScenario.class);
    }
}
