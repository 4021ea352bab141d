package io.github.tmem.memory;

/**
 * Each group's magazine: some of its free slots, the next copies' before any others. Whoever frees a copy and whoever
 * stores one seldom have to do with lists of slabs then, but with one row here. A magazine is guarded by its group's
 * {@link Stripe}; whoever takes all stripes empties them all first, so that only one stripe's holder ever meets one.
 *
 * <p>The idea is Bonwick's and Adams's (Magazines and Vmem, USENIX 2001), who have one for each processor.
 */
final class Magazines {
    /** The most slots in a magazine. */
    static final int ROUNDS_MAX = 15;

    private static final int ROW_BITS = 4;

    /** So that two stripes seldom want the same line of memory. */
    private static final int APART_BITS = 4;

    /** For each group the number of its rounds, and their places. */
    private final long[] rows;

    /** For each stripe, the groups whose magazine is not empty: a bit for each of the stripe's groups. */
    private final long[] loaded = new long[Stripes.COUNT << APART_BITS];

    Magazines(int groups) {
        assert ROUNDS_MAX < 1 << ROW_BITS && groups <= Stripes.COUNT * Long.SIZE;
        rows = new long[groups << ROW_BITS];
    }

    private int rounds(int group) {
        return (int) rows[group << ROW_BITS];
    }

    boolean isFull(int group) {
        return rounds(group) == ROUNDS_MAX;
    }

    /** Adds a free slot to a magazine that is not full. */
    void push(int group, long place) {
        int row = group << ROW_BITS;
        int rounds = (int) rows[row] + 1;
        rows[row + rounds] = place;
        rows[row]++;
        if (rounds == 1) {
            loaded[Stripes.numberOf(group) << APART_BITS] |= bitOf(group);
        }
    }

    /** Takes the slot that came last. Returns its place, or {@link SlabTable#NONE}. */
    long pop(int group) {
        int row = group << ROW_BITS;
        int rounds = (int) rows[row];
        if (rounds == 0) {
            return SlabTable.NONE;
        }
        rows[row]--;
        if (rounds == 1) {
            loaded[Stripes.numberOf(group) << APART_BITS] &= ~bitOf(group);
        }
        return rows[row + rounds];
    }

    private static long bitOf(int group) {
        return 1L << (group / Stripes.COUNT);
    }

    /** A group of this stripe whose magazine is not empty, or {@link SlabTable#NONE}. */
    int firstLoaded(int stripe) {
        long groups = loaded[stripe << APART_BITS];
        return groups == 0 ? SlabTable.NONE : Long.numberOfTrailingZeros(groups) * Stripes.COUNT + stripe;
    }

    /** The bytes of these books, on the Java heap. */
    long bytes() {
        return (long) Long.BYTES * (rows.length + loaded.length);
    }
}
