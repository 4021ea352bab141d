package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.tmem.kit.Race;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * For a lock that is held for less time than a thread takes to fall asleep and wake: who waits for it allocates nothing, and
 * who is interrupted waits all the same.
 */
@Timeout(60)
public abstract class PatientLockContract {
    private static final int ROUNDS = 5;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final CyclicBarrier meet = new CyclicBarrier(2);

    /** Takes the lock, which nobody has when a test begins. */
    protected abstract void lock();

    /** Gives the lock back. */
    protected abstract void unlock();

    /** In a lock's queue each who waits has an object. */
    @Test
    void whoWaitsAllocatesNothing() throws Exception {
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> holdUntilAsleep(waiting));
        long allocated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            meet.await();
            long before = threads.getCurrentThreadAllocatedBytes();
            lock();
            try {
                allocated = threads.getCurrentThreadAllocatedBytes() - before; // that of the last round counts
            } finally {
                unlock();
            }
            meet.await();
        }
        holder.get();
        assertThat(allocated).isZero();
    }

    /** He gives the processor away until he has it, and stays interrupted. */
    @Test
    void whoIsInterruptedSleepsAndStaysInterrupted() throws Exception {
        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        lock();
        try {
            Thread interrupted = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                lock();
                try {
                    waiting.complete(Thread.currentThread().isInterrupted());
                } finally {
                    unlock();
                }
            });
            Race.until(() -> isAsleep(interrupted) && !interrupted.isInterrupted()); // or it would not sleep for long
        } finally {
            unlock();
        }
        assertThat(waiting.get()).isTrue();
    }

    private void holdUntilAsleep(Thread waiting) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                holdOnce(waiting);
                meet.await();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void holdOnce(Thread waiting) throws Exception {
        lock();
        try {
            meet.await();
            while (!isAsleep(waiting)) {
                Thread.onSpinWait();
            }
        } finally {
            unlock();
        }
    }

    /** Whether a thread sleeps for want of the lock. */
    private static boolean isAsleep(Thread waiting) {
        Thread.State state = waiting.getState();
        Object blocker = LockSupport.getBlocker(waiting);
        return (state == Thread.State.TIMED_WAITING || state == Thread.State.WAITING)
                && blocker != null
                && !(blocker instanceof Condition);
    }
}
