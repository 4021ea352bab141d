package io.github.tmem.tiering.chain;

import java.util.concurrent.atomic.LongAdder;

/**
 * Knows when the operations under way have ended: memory must not be unmapped under a reader, and what operations go by
 * must not be taken from under them. Operations are counted in one of two phases in turn, as sleepable read-copy-update
 * does (McKenney, "Sleepable RCU", 2006), so that waiting for those under way does not mean to wait for those that come.
 * Thread-safe.
 */
public final class Lifecycle {
    /** The ticket of an operation that may not begin. */
    public static final int CLOSED = -1;

    private static final long POLL_NANOS = 100_000;

    private static final int PHASES = 2;

    // fields, not an array of them: every operation reads two
    private final LongAdder entered0 = new LongAdder();
    private final LongAdder entered1 = new LongAdder();
    private final LongAdder left0 = new LongAdder();
    private final LongAdder left1 = new LongAdder();
    private volatile int current;
    private volatile boolean closed;

    /** Of a store that is open. */
    public Lifecycle() {}

    private LongAdder entered(int phase) {
        return phase == 0 ? entered0 : entered1;
    }

    private LongAdder left(int phase) {
        return phase == 0 ? left0 : left1;
    }

    private void awaitEmpty(int phase) {
        // left is read first: what has left has entered, so equal sums mean that nobody is inside
        while (left(phase).sum() != entered(phase).sum()) {
            Pause.nanos(POLL_NANOS);
        }
    }

    /** Begins an operation; {@link #CLOSED} when the store is. End it with {@link #leave}. */
    public int enter() {
        int ticket = current;
        entered(ticket).increment();
        if (closed) {
            left(ticket).increment();
            return CLOSED;
        }
        return ticket;
    }

    /** Ends the operation that was given this ticket. */
    public void leave(int ticket) {
        left(ticket).increment();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Waits until every operation that is under way now has ended; what was changed before the call is then seen by all
     * that go on. Not to be called by an operation.
     */
    public synchronized void settle() {
        // twice: an operation that read the phase before it changed may be counted in it after it was found empty
        for (int i = 0; i < PHASES; i++) {
            int ending = current;
            current = 1 - ending;
            awaitEmpty(ending);
        }
    }

    /** Refuses new operations and waits for those under way; false if that has been done. */
    public boolean close() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        settle();
        return true;
    }
}
