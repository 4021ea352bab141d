package io.github.tmem.memory;

import java.io.Serial;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of some groups, and the count of the copies that start in them. It is held for less time than it takes to put a
 * thread to sleep and wake it: whoever wants it tries for a moment, and when its holder has lost the processor sleeps for a
 * moment and tries again. A platform thread that is not interrupted never stands in the lock's queue, which takes an object
 * for each who does. The directory's shards have locks of the same kind.
 */
final class Stripe extends ReentrantLock {
    private static final int TRIES_MAX = 512;

    private static final long NAP_NANOS = 20_000;

    @Serial
    private static final long serialVersionUID = 1L;

    private long copies;
    private long encodedBytes;

    @Override
    public void lock() {
        for (int tries = 1; !tryLock(); tries++) {
            if (tries % TRIES_MAX != 0) {
                Thread.onSpinWait();
            } else if (Thread.currentThread().isInterrupted()) {
                super.lock(); // who is interrupted sleeps nowhere else
                return;
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
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
