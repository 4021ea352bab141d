package io.github.tmem.tiering.chain;

import java.util.Arrays;

/**
 * Copies of one tier that are dead but whose flush the backend has not acknowledged. A tier that owes many takes no more
 * copies, so there are never more of them than pages that were stored, each with less memory than its entry had.
 * Thread-safe; what puts ask is read without a lock.
 */
final class OwedFrees {
    /** A tier that owes more frees takes no copies until some are paid. */
    static final int MANY = 1 << 15;

    private long[] locators = new long[64];
    private int[] lengths = new int[64];
    private volatile int size;
    private volatile int beingPaid;

    synchronized void add(long locator, int length) {
        int count = size;
        if (count == locators.length) {
            locators = Arrays.copyOf(locators, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        locators[count] = locator;
        lengths[count] = length;
        size = count + 1;
    }

    /** Moves up to {@code into.length} frees out to be paid, newest first; returns how many. End each with {@link #tried} or {@link #addBack}. */
    synchronized int take(long[] into, int[] intoLengths) {
        int count = Math.min(size, into.length);
        int left = size - count;
        System.arraycopy(locators, left, into, 0, count);
        System.arraycopy(lengths, left, intoLengths, 0, count);
        beingPaid += count; // first, so that a reader without the lock never sees neither
        size = left;
        return count;
    }

    /** Notes that so many of the frees taken have been paid. */
    synchronized void tried(int count) {
        beingPaid -= count;
    }

    /** Owes one of the frees taken again, after all others: one that always fails must not keep them waiting. */
    synchronized void addBack(long locator, int length) {
        add(locator, length);
        int last = size - 1;
        locators[last] = locators[0];
        lengths[last] = lengths[0];
        locators[0] = locator;
        lengths[0] = length;
        beingPaid--;
    }

    /** Whether frees are owed or being paid. */
    boolean isAny() {
        return size > 0 || beingPaid > 0;
    }

    /** Whether frees are being paid at this moment. */
    boolean isBeingPaid() {
        return beingPaid > 0;
    }

    /** Whether so many frees are owed that the tier should take no copies until some are paid. */
    boolean areMany() {
        return size > MANY;
    }

    /** How many frees wait to be paid. */
    int size() {
        return size;
    }

    /** Copies whose free has not been acknowledged: those owed and those being paid. */
    synchronized long unacknowledged() {
        return (long) size + beingPaid;
    }
}
