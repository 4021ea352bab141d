package io.github.tmem.tiering.chain;

import java.util.concurrent.locks.LockSupport;

/** A short sleep in a loop that waits for others and cannot end before they do. */
final class Pause {
    private Pause() {}

    /** Sleeps about so long, also if the thread is interrupted; it stays interrupted. */
    static void nanos(long nanos) {
        boolean interrupted = Thread.interrupted(); // or the sleep would end at once, and the loop spin
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
