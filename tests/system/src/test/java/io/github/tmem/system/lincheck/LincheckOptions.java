package io.github.tmem.system.lincheck;

import org.jetbrains.lincheck.datastructures.StressOptions;

/** How many scenarios of how many operations each check tries. */
final class LincheckOptions {
    private static final int SCENARIOS = Boolean.getBoolean("tmem.stress") ? 30 : 8;

    private LincheckOptions() {}

    static StressOptions fresh() {
        return new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(3)
                .actorsAfter(3)
                // what a failure leaves behind in the store would make any smaller scenario fail
                .minimizeFailedScenario(false);
    }
}
