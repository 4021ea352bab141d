package io.github.tmem.bench.timing;

/** One side of a comparison: numbered operations that can be run in any order and any number of times. */
public interface Contestant {

    /** What it is called in reports. */
    String name();

    /** Runs the operations {@code from} (inclusive) to {@code to} (exclusive). This is what is timed. */
    void run(int from, int to);

    /** Runs operations as {@link #run} does, and returns what that took in nanoseconds. */
    default long time(int from, int to) {
        long start = System.nanoTime();
        run(from, to);
        return System.nanoTime() - start;
    }

    /** Makes ready for {@link #run} of the same operations. Not timed. */
    default void prepare(int from, int to) {
        // most need nothing
    }
}
