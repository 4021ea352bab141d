package io.github.tmem.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Named points where a test stops the code under test, to force one interleaving instead of hoping for it.
 *
 * <pre>{@code
 * gate.shut("put");                       // whoever arrives at "put" now waits
 * Thread writer = start(() -> pool.put(…));
 * gate.awaitArrival("put");               // the writer stands there
 * pool.flush(…);                          // what the test wants to happen meanwhile
 * gate.open("put");                       // the writer goes on
 * }</pre>
 *
 * <p>A point nobody shut costs one volatile read. Every wait is bounded: a thread that waits longer than the timeout goes
 * on with an {@link AssertionError}, which {@link #close()} throws again on the test's own thread. Thread-safe.
 */
public final class Gate implements AutoCloseable {

    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Point> points = new HashMap<>();
    private final List<AssertionError> failures = new ArrayList<>();
    private final Duration timeout;
    private volatile int shutPoints;

    /** A gate whose waits last at most 30 seconds. All points are open. */
    public Gate() {
        this(TIMEOUT_DEFAULT);
    }

    /** A gate whose waits last at most {@code timeout}. All points are open. */
    public Gate(Duration timeout) {
        this.timeout = timeout;
    }

    /** From now on whoever arrives at {@code point} waits. */
    public void shut(String point) {
        lock.lock();
        try {
            at(point).shut = true;
            count();
        } finally {
            lock.unlock();
        }
    }

    /** From now on the first thread that arrives at {@code point} waits, and only it. */
    public void shutForOne(String point) {
        shutFor(point, 1);
    }

    /** From now on the first {@code threads} threads that arrive at {@code point} wait, and only they. */
    public void shutFor(String point, int threads) {
        lock.lock();
        try {
            Point shut = at(point);
            shut.shut = true;
            shut.places = threads;
            count();
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits at {@code point} go on, and stops nobody there any more. */
    public void open(String point) {
        lock.lock();
        try {
            Point opened = at(point);
            opened.shut = false;
            opened.places = Integer.MAX_VALUE;
            opened.passes = 0;
            count();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets one thread that waits at {@code point}, or else the next that arrives, go on. The point stays shut. */
    public void passOne(String point) {
        lock.lock();
        try {
            at(point).passes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called by the code under test: waits here while {@code point} is shut.
     *
     * @throws AssertionError if the point stays shut for longer than the timeout, or the thread is interrupted
     */
    public void arrive(String point) {
        if (shutPoints == 0) {
            return;
        }
        lock.lock();
        try {
            Point here = at(point);
            if (!here.shut || here.waiting >= here.places) {
                return;
            }
            here.waiting++;
            changed.signalAll();
            try {
                await("nobody opened \"" + point + "\"", () -> !here.shut || here.passes > 0);
                here.passes -= here.shut ? 1 : 0;
            } finally {
                here.waiting--;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a thread waits at {@code point}.
     *
     * @throws AssertionError if none arrives within the timeout
     */
    public void awaitArrival(String point) {
        awaitArrivals(point, 1);
    }

    /**
     * Waits until {@code threads} threads wait at {@code point}.
     *
     * @throws AssertionError if fewer arrive within the timeout
     */
    public void awaitArrivals(String point, int threads) {
        lock.lock();
        try {
            Point there = at(point);
            await("fewer than " + threads + " arrived at \"" + point + "\"", () -> there.waiting >= threads);
        } finally {
            lock.unlock();
        }
    }

    /** The number of threads that wait at {@code point} now. */
    public int waiting(String point) {
        lock.lock();
        try {
            return at(point).waiting;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens all points.
     *
     * @throws AssertionError if a wait ever timed out
     */
    @Override
    public void close() {
        lock.lock();
        try {
            points.values().forEach(point -> point.shut = false);
            count();
            changed.signalAll();
            if (!failures.isEmpty()) {
                throw new AssertionError("a wait at a gate failed", failures.getFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    private Point at(String point) {
        return points.computeIfAbsent(point, name -> new Point());
    }

    private void count() {
        shutPoints = (int) points.values().stream().filter(point -> point.shut).count();
    }

    private void await(String complaint, BooleanSupplier condition) {
        long left = timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (left <= 0) {
                throw fail(complaint + " within " + TimeUnit.NANOSECONDS.toMillis(timeout.toNanos()) + " ms");
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw fail(complaint + " before the thread was interrupted");
            }
        }
    }

    private AssertionError fail(String message) {
        AssertionError failure = new AssertionError(message);
        failures.add(failure);
        return failure;
    }

    /** Guarded by the gate's lock. */
    private static final class Point {
        private boolean shut;
        private int places = Integer.MAX_VALUE;
        private int passes;
        private int waiting;
    }
}
