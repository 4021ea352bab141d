package io.github.tmem.tiering.chain;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one background thread of a store, {@code tmem-maintenance}, a daemon. It sleeps until woken, or, while a tier
 * does not answer, until it is time to ask again. {@link #wake} may be called by any thread and never waits.
 */
public final class Maintenance implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Maintenance.class.getName());
    private static final long REPEAT_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long REPEAT_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);
    private static final long STOP_POLL_MILLIS = 100;

    private final List<Upkeep> chains = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("tmem-maintenance").unstarted(this::loop);
    private volatile boolean wanted;
    private volatile boolean stopped;

    /** A thread that is not yet running. */
    public Maintenance() {}

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    void add(Upkeep chain) {
        chains.add(chain);
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
        for (Upkeep chain : chains) {
            try {
                again |= chain.run();
            } catch (RuntimeException | Error failure) {
                LOG.log(Level.ERROR, "a maintenance pass failed; the next one tries again", failure);
            }
        }
        return again;
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
