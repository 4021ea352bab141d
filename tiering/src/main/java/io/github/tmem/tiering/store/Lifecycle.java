package io.github.tmem.tiering.store;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a store close only when the operations under way have ended: memory must not be unmapped under a reader.
 * Thread-safe.
 */
final class Lifecycle {
    private static final long POLL_NANOS = 100_000;

    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();
    private volatile boolean closed;

    /** Begins an operation; false when the store is closed. End it with {@link #leave}. */
    boolean enter() {
        entered.increment();
        if (closed) {
            left.increment();
            return false;
        }
        return true;
    }

    void leave() {
        left.increment();
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses new operations and waits for those under way; false if that has been done. */
    boolean close() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        // left is read first: what has left has entered, so equal sums mean that nobody is inside
        while (left.sum() != entered.sum()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
