package io.github.tmem.bench.timing;

import java.util.Arrays;

/**
 * A measured value: the median of the rounds with the lowest and the highest.
 *
 * @param low the lowest
 * @param median the one in the middle
 * @param high the highest
 */
public record Spread(double low, double median, double high) {

    /** Of these values, at least one. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** A value that was measured once and does not vary. */
    public static Spread exactly(double value) {
        return new Spread(value, value, value);
    }

    /** Whether it is a number, and the rounds are. */
    public boolean isFinite() {
        return Double.isFinite(low) && Double.isFinite(median) && Double.isFinite(high);
    }

    /** Whether all rounds gave the same. */
    public boolean isExact() {
        return low == high;
    }
}
