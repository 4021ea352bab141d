package io.github.tmem.bench.timing;

import java.util.Arrays;
import java.util.List;

/**
 * What the rounds took.
 *
 * @param names the contestants
 * @param nanos nanoseconds per operation by contestant and round
 * @param repeated rounds that were repeated because of steal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never leaves the program
public record Timings(List<String> names, double[][] nanos, int repeated) {

    /** Nanoseconds per operation of one contestant. */
    public Spread of(String name) {
        return Spread.of(nanos[number(name)]);
    }

    /** How many times as long {@code ours} takes as {@code theirs}: below 1 is faster. Taken round by round. */
    public Spread ratio(String ours, String theirs) {
        double[] mine = nanos[number(ours)];
        double[] peer = nanos[number(theirs)];
        double[] ratios = new double[mine.length];
        Arrays.setAll(ratios, round -> mine[round] / peer[round]);
        return Spread.of(ratios);
    }

    /** What a whole takes beyond its parts. Taken round by round, so it may be below 0. */
    public Spread rest(String whole, List<String> parts) {
        double[] rest = nanos[number(whole)].clone();
        for (String part : parts) {
            double[] of = nanos[number(part)];
            Arrays.setAll(rest, round -> rest[round] - of[round]);
        }
        return Spread.of(rest);
    }

    private int number(String name) {
        int number = names.indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException(name + " is none of " + names);
        }
        return number;
    }
}
