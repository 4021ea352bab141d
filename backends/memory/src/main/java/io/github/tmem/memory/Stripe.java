package io.github.tmem.memory;

import java.io.Serial;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of some groups, and the count of the copies that start in them. It is held for less time than it takes to put a
 * thread to sleep and wake it: whoever wants it tries for a moment before queueing up, which also spares the queue's node.
 */
final class Stripe extends ReentrantLock {
    private static final int TRIES_MAX = 512;

    @Serial
    private static final long serialVersionUID = 1L;

    private long copies;
    private long encodedBytes;

    @Override
    public void lock() {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        super.lock();
    }

    /** Counts a copy that begins. The lock is held. */
    void begin(int length) {
        assert isHeldByCurrentThread();
        copies++;
        encodedBytes += length;
    }

    /** Counts a copy that ends. The lock is held. */
    void end(int length) {
        assert isHeldByCurrentThread() && copies > 0;
        copies--;
        encodedBytes -= length;
    }

    long copies() {
        assert isHeldByCurrentThread();
        return copies;
    }

    /** The length of all copies. */
    long encodedBytes() {
        assert isHeldByCurrentThread();
        return encodedBytes;
    }
}
