package io.github.tmem.system.scenario;

import io.github.tmem.kit.Race;
import java.util.Arrays;

/** The thread that moves pages and repeats frees behind a store's back. */
final class Background {
    private static final String NAME = "tmem-maintenance";

    private Background() {}

    /** Waits until it has done all it was woken for, and sleeps. No tier may owe frees, and no other store be open. */
    static void awaitRest() {
        Race.until(() -> Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(NAME))
                .allMatch(thread -> thread.getState() == Thread.State.WAITING));
    }

    /** Whether a thread waits for operations that are under way to end. */
    static boolean waitsForOperations(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith(".Lifecycle"));
    }

    /** Whether a thread waits for a change of tiers to end. */
    static boolean waitsForTheChange(Thread thread) {
        return thread.getState() == Thread.State.BLOCKED
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith(".TierChanges"));
    }
}
