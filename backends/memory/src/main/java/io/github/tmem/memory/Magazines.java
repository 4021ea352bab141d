package io.github.tmem.memory;

/**
 * Each group's magazine: some of its free slots, the next copies' before any others. Whoever frees a copy and whoever
 * stores one seldom have to do with lists of slabs then, but with one row here. A magazine is guarded by its group's
 * {@link Stripe}; whoever takes all stripes empties them all first, so that only one stripe's holder ever meets one.
 *
 * <p>The idea is Bonwick's and Adams's (Magazines and Vmem, USENIX 2001), who have one for each processor.
 */
final class Magazines {
    /** The most slots in any magazine. More than this no longer pay. */
    static final int ROUNDS_MAX = 31;

    /** So that two stripes seldom want the same line of memory. */
    private static final int APART_BITS = 4;

    /** For each group the number of its rounds, and their places. */
    private final long[] rows;

    /** Where the row of each group starts, and after the last one where all end. */
    private final int[] starts;

    /** For each stripe, the groups whose magazine is not empty: a bit for each of the stripe's groups. */
    private final long[] loaded = new long[Stripes.COUNT << APART_BITS];

    Magazines(Groups groups) {
        assert groups.count() <= Stripes.COUNT * Long.SIZE;
        starts = new int[groups.count() + 1];
        for (int group = 0; group < groups.count(); group++) {
            starts[group + 1] = starts[group] + 1 + Math.min(ROUNDS_MAX, groups.slots(group) / 2);
        }
        rows = new long[starts[groups.count()]];
    }

    /** The most slots in the magazine of a group: not above half of what a slab of the group has. */
    int roundsMax(int group) {
        return starts[group + 1] - starts[group] - 1;
    }

    boolean isFull(int group) {
        return rows[starts[group]] == roundsMax(group);
    }

    /** Adds a free slot to a magazine that is not full. */
    void push(int group, long place) {
        int row = starts[group];
        int rounds = (int) rows[row] + 1;
        rows[row + rounds] = place;
        rows[row]++;
        if (rounds == 1) {
            loaded[Stripes.numberOf(group) << APART_BITS] |= bitOf(group);
        }
    }

    /** Takes the slot that came last. Returns its place, or {@link SlabTable#NONE}. */
    long pop(int group) {
        int row = starts[group];
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
        return (long) Long.BYTES * (rows.length + loaded.length) + (long) Integer.BYTES * starts.length;
    }
}
