package io.github.tmem.tiering.directory;

/**
 * Counts the entries that whoever holds a shard's lock passes by on the way to the one it wants: how long a lock is held,
 * without a clock. Only where assertions are on, for all calls are part of an {@code assert}. Guarded by the lock.
 */
final class Visits {
    /** No holder of a lock passes by more: two policies choose among so many pages, and buckets are short (L10). */
    static final int VISITS_MAX = 512;

    private int now;
    private volatile int most;

    /** Notes an entry passed by; true. */
    boolean note() {
        now++;
        return true;
    }

    /** The lock is about to be given back; true. */
    boolean end() {
        if (now > most) {
            most = now;
        }
        now = 0;
        return true;
    }

    /** Forgets what has been noted since the lock was taken: a walk over everything is no operation. */
    void forget() {
        now = 0;
    }

    /** The most entries passed by under one hold of the lock. */
    int most() {
        return most;
    }
}
