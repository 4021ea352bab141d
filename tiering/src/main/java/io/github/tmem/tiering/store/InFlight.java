package io.github.tmem.tiering.store;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Bounds what all asynchronous operations of a store have under way, in calls and in bytes. Thread-safe. */
final class InFlight {
    private static final int PERMITS = 1024;
    private static final int BYTES_PER_PERMIT = 1 << 16;

    /** Fair, so that long pages come to their turn among short ones. */
    private final Semaphore permits = new Semaphore(PERMITS, true);

    /** Waits until there is room for a page. */
    void acquire(int pageSize) {
        permits.acquireUninterruptibly(weight(pageSize));
    }

    void release(int pageSize) {
        permits.release(weight(pageSize));
    }

    private static int weight(int pageSize) {
        return Math.ceilDiv(pageSize, BYTES_PER_PERMIT);
    }

    /**
     * A new operation.
     *
     * @param outcome what it comes to, asked when all its parts have ended
     * @param ended runs after its last part, before anybody hears of the outcome
     */
    <T> Flight<T> flight(int pageSize, Supplier<T> outcome, Runnable ended) {
        return new Flight<>(this, pageSize, outcome, ended);
    }
}
