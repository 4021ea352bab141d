package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.tmem.kit.Race;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientLockTest {
    private static final int ROUNDS = 5;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final PatientLock lock = new PatientLock(new PatientLock[0]);
    private final CyclicBarrier meet = new CyclicBarrier(2);

    /** In a lock's queue each who waits has an object. */
    @Test
    void whoWaitsAllocatesNothing() throws Exception {
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> holdUntilAsleep(waiting));
        long allocated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            meet.await();
            long before = threads.getCurrentThreadAllocatedBytes();
            lock.lock();
            try {
                allocated = threads.getCurrentThreadAllocatedBytes() - before; // that of the last round counts
            } finally {
                lock.unlock();
            }
            meet.await();
        }
        holder.get();
        assertThat(allocated).isZero();
    }

    /** He gives the processor away until he has it, and stays interrupted. */
    @Test
    void whoIsInterruptedSleepsInTheQueue() throws Exception {
        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        lock.lock();
        try {
            Thread interrupted = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                lock.lock();
                try {
                    waiting.complete(Thread.currentThread().isInterrupted());
                } finally {
                    lock.unlock();
                }
            });
            Race.until(() -> lock.hasQueuedThread(interrupted));
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            meet.await();
            while (!isAsleep(waiting)) {
                Thread.onSpinWait();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isAsleep(Thread waiting) {
        return waiting.getState() == Thread.State.TIMED_WAITING || lock.hasQueuedThread(waiting);
    }
}
