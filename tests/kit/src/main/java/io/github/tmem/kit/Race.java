package io.github.tmem.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs tasks at the same time, each on a thread of its own, all released at one moment. The first failure of any task
 * fails the race; so does a task that does not end in time.
 */
public final class Race {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int SPINS = 100;
    private static final long NAP_NANOS = 20_000;

    private final List<Task> tasks = new ArrayList<>();
    private Duration timeout = TIMEOUT;

    /** What one thread does. */
    @FunctionalInterface
    public interface Task {
        /** Runs; whatever it throws fails the race. */
        void run() throws Exception;
    }

    /** A task that knows its number, from 0. */
    @FunctionalInterface
    public interface NumberedTask {
        /** Runs; whatever it throws fails the race. */
        void run(int number) throws Exception;
    }

    /** Adds a task. */
    public Race with(Task task) {
        tasks.add(task);
        return this;
    }

    /** Adds {@code threads} tasks, numbered from 0. */
    public Race with(int threads, NumberedTask task) {
        for (int number = 0; number < threads; number++) {
            int mine = number;
            tasks.add(() -> task.run(mine));
        }
        return this;
    }

    /** Gives the tasks this time in place of two minutes. */
    public Race within(Duration newTimeout) {
        timeout = newTimeout;
        return this;
    }

    /**
     * Runs all tasks and waits for their end.
     *
     * @throws AssertionError with the first failure as its cause, the others suppressed; or if a task runs for longer
     *     than two minutes or what {@link #within} allows
     */
    public void run() {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        List<Thread> threads = new ArrayList<>();
        for (Task task : tasks) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("race-" + threads.size())
                    .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                    .start(() -> runOne(task, start, failures)));
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        for (Thread thread : threads) {
            join(thread, deadline, failures);
        }
        if (!failures.isEmpty()) {
            AssertionError error = new AssertionError("a task of the race failed", failures.poll());
            failures.forEach(error::addSuppressed);
            throw error;
        }
    }

    /**
     * Waits for what another thread is about to do and cannot be stopped at: spins a little, then naps between its looks,
     * for the other thread may need the processor.
     *
     * @throws AssertionError if it does not happen within two minutes
     */
    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        for (int look = 0; !condition.getAsBoolean(); look++) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen in time");
            }
            if (look < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    private static void runOne(Task task, CyclicBarrier start, ConcurrentLinkedQueue<Throwable> failures) {
        try {
            start.await();
            task.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(e);
        } catch (BrokenBarrierException e) {
            failures.add(e);
        } catch (Exception e) {
            failures.add(e);
        }
    }

    private static void join(Thread thread, long deadline, ConcurrentLinkedQueue<Throwable> failures) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(e);
        }
        if (thread.isAlive()) {
            AssertionError stuck = new AssertionError(thread.getName() + " did not end in time");
            stuck.setStackTrace(thread.getStackTrace());
            failures.add(stuck);
            thread.interrupt();
        }
    }
}
