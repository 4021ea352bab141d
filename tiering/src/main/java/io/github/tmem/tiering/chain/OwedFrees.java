package io.github.tmem.tiering.chain;

import java.util.Arrays;

/**
 * Copies of one tier that are dead but whose flush the backend has not acknowledged. Bounded: beyond {@link #OWED_MAX}
 * frees are counted as {@linkplain #forgotten() forgotten} and their bytes stay charged until the tier is swept.
 * Thread-safe.
 */
final class OwedFrees {
    /** The most frees remembered. */
    static final int OWED_MAX = 1 << 16;

    private long[] locators = new long[64];
    private int[] lengths = new int[64];
    private int size;
    private long forgotten;

    synchronized void add(long locator, int length) {
        if (size == OWED_MAX) {
            forgotten++;
            return;
        }
        if (size == locators.length) {
            locators = Arrays.copyOf(locators, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
        }
        locators[size] = locator;
        lengths[size] = length;
        size++;
    }

    /** Moves up to {@code into.length} frees out, newest first; returns how many. */
    synchronized int take(long[] into, int[] intoLengths) {
        int count = Math.min(size, into.length);
        size -= count;
        System.arraycopy(locators, size, into, 0, count);
        System.arraycopy(lengths, size, intoLengths, 0, count);
        return count;
    }

    /** Whether so many frees are owed that the tier should take no copies until some are paid. */
    synchronized boolean isNearlyFull() {
        return size > OWED_MAX / 2;
    }

    synchronized int size() {
        return size;
    }

    synchronized long forgotten() {
        return forgotten;
    }
}
