package io.github.tmem.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock of some groups, and the count of the copies that start in them. It is held for less time than
 * it takes to put a thread to sleep and wake it: whoever wants it tries for a moment, and when its holder has lost the processor
 * sleeps for a moment and tries again. Nobody takes it twice.
 *
 * <p>Whoever unlocks does not wait until everybody sees what he wrote, as a {@link java.util.concurrent.locks.ReentrantLock}
 * does: what a stripe guards is told to others by the stripe, or by the lock of a shard later on. To lock is to compare and set, which
 * is a fence for streaming stores, too ({@link io.github.tmem.memory.slot.StreamingWriter}).
 */
final class Stripe {
    private static final int TRIES_MAX = 512;

    private static final long NAP_NANOS = 20_000;

    private static final long NOBODY = 0;

    private static final VarHandle HOLDER;

    static {
        try {
            HOLDER = MethodHandles.lookup().findVarHandle(Stripe.class, "holder", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The number of the thread that has the lock, or {@link #NOBODY}. */
    private long holder;

    private long copies;
    private long encodedBytes;
    private int generation;

    /** With the generation of the copy before the first: others' copies of the same slots should have others. */
    Stripe(int generation) {
        this.generation = generation;
    }

    /**
     * Takes the lock, however long that takes; an interrupted thread waits like others, and stays interrupted.
     *
     * @throws IllegalMonitorStateException if this thread has it already
     */
    void lock() {
        long self = Thread.currentThread().threadId();
        if (!tryLock(self)) {
            await(self);
        }
    }

    private boolean tryLock(long self) {
        return HOLDER.compareAndSet(this, NOBODY, self);
    }

    private void await(long self) {
        if (isHeldBy(self)) {
            throw new IllegalMonitorStateException("a stripe is taken twice");
        }
        boolean interrupted = false;
        try {
            for (int tries = 1; !isHeldBy(NOBODY) || !tryLock(self); tries++) {
                if (tries % TRIES_MAX == 0) {
                    interrupted |= Thread.interrupted(); // who is interrupted sleeps nowhere
                    LockSupport.parkNanos(this, NAP_NANOS);
                } else {
                    Thread.onSpinWait();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isHeldBy(long thread) {
        return (long) HOLDER.getOpaque(this) == thread;
    }

    /**
     * Gives the lock back.
     *
     * @throws IllegalMonitorStateException if this thread does not have it
     */
    void unlock() {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("a stripe is given back by another thread than its holder");
        }
        HOLDER.setRelease(this, NOBODY);
    }

    boolean isHeldByCurrentThread() {
        return holder == Thread.currentThread().threadId(); // no other thread writes the number of this one
    }

    /** Counts a copy that begins. The lock is held. Returns the copy's generation, see {@link Locator}. */
    int begin(int length) {
        assert isHeldByCurrentThread();
        copies++;
        encodedBytes += length;
        generation = Locator.nextGeneration(generation);
        return generation;
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
