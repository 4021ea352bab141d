package io.github.tmem.kit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what background threads do in their own time. Not for forcing an interleaving: that is {@link Gate}'s job. */
public final class Eventually {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 1_000_000;

    private Eventually() {}

    /**
     * Waits until {@code condition} holds.
     *
     * @throws AssertionError naming {@code what} if it does not within 30 seconds
     */
    public static void holds(String what, BooleanSupplier condition) {
        passes(() -> {
            if (!condition.getAsBoolean()) {
                throw new AssertionError("not within " + TIMEOUT.toSeconds() + " s: " + what);
            }
        });
    }

    /**
     * Repeats {@code check} until it passes.
     *
     * @throws AssertionError what the check threw last, if it does not pass within 30 seconds
     */
    public static void passes(Runnable check) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
