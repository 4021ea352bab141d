package io.github.tmem.tiering.chain;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The one background thread of a store, {@code tmem-maintenance}, a daemon. It sleeps until woken, or, while a tier
 * does not answer or a pass has failed, until it is time to try again. {@link #wake} may be called by any thread and never waits.
 */
public final class Maintenance implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Maintenance.class.getName());
    private static final long REPEAT_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long REPEAT_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);
    private static final long STOP_POLL_MILLIS = 100;

    private final List<BooleanSupplier> passes = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("tmem-maintenance").unstarted(this::loop);
    private boolean failing;
    private volatile boolean wanted;
    private volatile boolean stopped;

    /** A thread that is not yet running. */
    public Maintenance() {}

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Adds a chain. The background alone calls {@code pass}, which returns whether it is to be called again soon. */
    void add(BooleanSupplier pass) {
        passes.add(pass);
    }

    /** Asks for a pass over all chains. */
    void wake() {
        if (!wanted) {
            wanted = true;
            LockSupport.unpark(thread);
        }
    }

    private void loop() {
        long pause = REPEAT_MIN_NANOS;
        while (!stopped) {
            wanted = false;
            boolean again = runAll();
            pause = again ? Math.min(pause * 2, REPEAT_MAX_NANOS) : REPEAT_MIN_NANOS;
            if (!wanted && !stopped) {
                if (again) {
                    LockSupport.parkNanos(this, pause);
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }

    private boolean runAll() {
        boolean again = false;
        boolean failed = false;
        for (BooleanSupplier pass : passes) {
            try {
                again |= pass.getAsBoolean();
            } catch (RuntimeException | Error failure) {
                Level level = failing ? Level.DEBUG : Level.ERROR;
                LOG.log(
                        level,
                        "a maintenance pass failed; it is tried again, and said again once it did not fail",
                        failure);
                failed = true;
            }
        }
        failing = failed;
        return again || failed;
    }

    /** Stops the thread and waits, at most five seconds, for the pass under way. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        long deadline = System.nanoTime() + STOP_NANOS_MAX;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(STOP_POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true; // memory must not go while the thread works on it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
