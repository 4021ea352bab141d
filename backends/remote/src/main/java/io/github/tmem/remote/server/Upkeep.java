package io.github.tmem.remote.server;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The background thread that keeps a connection: one small step after the other, and pauses that grow while they fail.
 * {@link #start} and {@link #stop} belong to the owner, the rest is thread-safe.
 */
public final class Upkeep {
    private static final int STOP_MILLIS_MAX = 5_000;

    private final Work work;
    private final long pauseMinNanos;
    private final long pauseMaxNanos;
    private final Thread thread;
    private volatile boolean wanted;
    private volatile boolean stopping;
    private long pauseNanos;

    /** What there is to do; called by the thread alone. */
    public interface Work {
        /** One small thing; returns for how many nanoseconds there is nothing else to do. */
        long step() throws Unusable;

        /** A step has found that the server cannot be used. */
        void failed(Unusable unusable);

        /** A step has ended in an error of the program; the next one comes all the same. */
        void failed(RuntimeException failure);
    }

    /**
     * A thread that is still to be started.
     *
     * @param pauseMin the pause after the first step that failed; it doubles with each until one leaves nothing to do
     * @param pauseMax the longest such pause
     */
    public Upkeep(String name, Duration pauseMin, Duration pauseMax, Work work) {
        this.work = work;
        pauseMinNanos = pauseMin.toNanos();
        pauseMaxNanos = pauseMax.toNanos();
        pauseNanos = pauseMinNanos;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Has the next step come at once. */
    public void wake() {
        wanted = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopping) {
            wanted = false;
            try {
                long pause = work.step();
                pauseNanos = pause > 0 ? pauseMinNanos : pauseNanos;
                rest(pause);
            } catch (Unusable unusable) {
                if (stopping) {
                    return; // what failed was interrupted, and the connection is needed once more
                }
                work.failed(unusable);
                backOff();
            } catch (RuntimeException failure) {
                if (stopping) {
                    return;
                }
                work.failed(failure);
                backOff();
            }
        }
    }

    /** Pauses twice as long as the last time, with a random part so that many clients do not come at once. */
    private void backOff() {
        wanted = false; // what was wanted was what has failed
        long pause = pauseNanos;
        pauseNanos = Math.min(2 * pause, pauseMaxNanos);
        rest(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    }

    private void rest(long nanos) {
        long begin = System.nanoTime();
        for (long left = nanos; left > 0 && !stopping && !wanted; left = nanos - (System.nanoTime() - begin)) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Ends the thread; returns whether it has ended, so that what belongs to it belongs to the caller now. */
    public boolean stop() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
