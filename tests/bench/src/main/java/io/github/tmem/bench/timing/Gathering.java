package io.github.tmem.bench.timing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where threads wait for each other awake, again and again: so often in so short a time only threads meet that run at the same moment.
 * Used once.
 */
final class Gathering {
    /** On one processor each takes the time after which the system lets another thread run: together half a second. */
    private static final int MEETINGS = 100;

    private final int threads;
    private final int meetings;
    private final AtomicInteger arrivals = new AtomicInteger();

    /** Of so many threads; they meet once where there are fewer processors. */
    Gathering(int threads) {
        this.threads = threads;
        meetings = Runtime.getRuntime().availableProcessors() < threads ? 1 : MEETINGS;
    }

    /** Waits until all are here, at work. Called once by each. */
    void await() {
        for (int meeting = 1; meeting <= meetings; meeting++) {
            arrivals.incrementAndGet();
            while (arrivals.get() < meeting * threads) {
                Thread.onSpinWait();
            }
        }
    }
}
