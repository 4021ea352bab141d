package io.github.tmem.tiering.policy;

import java.util.function.IntFunction;

/**
 * Remembers keys of pages that are gone, each with a tag of 2 bits, in 2 bytes a key. It forgets the oldest of a bucket
 * when it takes a new one, and now and then takes one key for another: once in about 2,000 questions.
 *
 * <pre>
 *   bucket = 2 longs = 8 lanes, newest first from bit 0 of the first:   | print 14 | tag 2 |
 * </pre>
 *
 * A lane of zero is empty; no print is zero.
 */
public final class GhostTable {
    /** The tag of a key that is not remembered. */
    public static final int ABSENT = -1;

    private static final int LANES = 8;
    private static final int LANES_PER_LONG = 4;
    private static final int LANE_BITS = 16;
    private static final int LAST_SHIFT = (LANES_PER_LONG - 1) * LANE_BITS;
    private static final long LANE_MASK = 0xFFFF;
    private static final int PRINT_BITS = 14;
    private static final int TAG_BITS = 2;
    private static final long LOW_BITS = 0x0001_0001_0001_0001L;
    private static final long HIGH_BITS = 0x8000_8000_8000_8000L;
    private static final long PRINT_MASKS = 0xFFFC_FFFC_FFFC_FFFCL;
    private static final int BUCKETS_MIN = 1;

    /** A table grows by at least one part in so many, so that growing stays cheap and wastes little. */
    private static final int GROWTH_PART = 8;

    private final IntFunction<long[]> memory;
    private long[] lanes = new long[0];
    private int buckets;

    /** An empty table, without memory until {@link #holdAtLeast}. */
    public GhostTable() {
        this(long[]::new);
    }

    /** The same, of memory that comes from elsewhere. */
    GhostTable(IntFunction<long[]> memory) {
        this.memory = memory;
    }

    /**
     * Grows until there are this many lanes. What is remembered stays so, as far as its bucket has room. Without memory to
     * grow it stays as it is, and forgets earlier: a page that is on its way out is not stopped by what would be remembered
     * of it.
     */
    public void holdAtLeast(int ghosts) {
        int wanted = Math.max(BUCKETS_MIN, (ghosts + LANES - 1) / LANES);
        if (wanted > buckets) {
            tryGrow(Math.max(wanted, buckets + buckets / GROWTH_PART));
        }
    }

    /** Remembers a key as the newest of its bucket, if there is one. */
    public void add(long hash, int tag) {
        assert tag >= 0 && tag < 1 << TAG_BITS : tag;
        if (buckets == 0) {
            return;
        }
        take(hash);
        int at = 2 * bucket(hash);
        long first = lanes[at];
        lanes[at + 1] = (lanes[at + 1] << LANE_BITS) | (first >>> LAST_SHIFT);
        lanes[at] = (first << LANE_BITS) | ((long) print(hash) << TAG_BITS) | tag;
    }

    /** Forgets a key; its tag, or {@link #ABSENT}. */
    public int take(long hash) {
        if (buckets == 0) {
            return ABSENT;
        }
        int at = 2 * bucket(hash);
        long wanted = LOW_BITS * ((long) print(hash) << TAG_BITS);
        int shift = find(lanes[at], wanted);
        if (shift < Long.SIZE) {
            int tag = tag(lanes[at], shift);
            lanes[at] = without(lanes[at], shift) | (lanes[at + 1] << LAST_SHIFT);
            lanes[at + 1] >>>= LANE_BITS;
            return tag;
        }
        shift = find(lanes[at + 1], wanted);
        if (shift < Long.SIZE) {
            int tag = tag(lanes[at + 1], shift);
            lanes[at + 1] = without(lanes[at + 1], shift);
            return tag;
        }
        return ABSENT;
    }

    /** The first bit of the newest lane with the wanted print, or {@link Long#SIZE}. */
    private static int find(long four, long wanted) {
        long differences = (four ^ wanted) & PRINT_MASKS;
        return Long.numberOfTrailingZeros(differences - LOW_BITS & ~differences & HIGH_BITS) & -LANE_BITS;
    }

    private static int tag(long four, int shift) {
        return (int) (four >>> shift) & (1 << TAG_BITS) - 1;
    }

    /** The lanes without one; those above it move down. */
    private static long without(long four, int shift) {
        long below = (1L << shift) - 1;
        return (four & below) | ((four >>> LANE_BITS) & ~below);
    }

    private int bucket(long hash) {
        return bucket(hash, buckets);
    }

    private static int bucket(long hash, int count) {
        return (int) (((hash >>> Integer.SIZE) * count) >>> Integer.SIZE);
    }

    private static int print(long hash) {
        int bits = (int) hash & (1 << PRINT_BITS) - 1;
        return bits == 0 ? 1 : bits;
    }

    private void tryGrow(int newBuckets) {
        long[] grown;
        try {
            grown = memory.apply(2 * newBuckets);
        } catch (OutOfMemoryError e) { // not swallowed: memory is missed soon enough where it matters
            return;
        }
        inheritAll(grown, newBuckets);
    }

    /**
     * Buckets part the range of hashes, so a new one overlaps one old one, or two: it inherits the newest lanes of both,
     * also those that it will never be asked for, which age away.
     */
    private void inheritAll(long[] grown, int newBuckets) {
        long[] old = lanes;
        int oldBuckets = buckets;
        lanes = grown;
        buckets = newBuckets;
        for (int bucket = 0; bucket < newBuckets && oldBuckets > 0; bucket++) {
            int from = (int) ((long) bucket * oldBuckets / newBuckets);
            int to = (int) (((long) (bucket + 1) * oldBuckets - 1) / newBuckets);
            inherit(bucket, old, from, to);
        }
    }

    private void inherit(int bucket, long[] old, int from, int to) {
        int filled = 0;
        for (int age = 0; age < LANES && filled < LANES; age++) {
            for (int donor = from; donor <= to && filled < LANES; donor++) {
                long lane = (old[2 * donor + age / LANES_PER_LONG] >>> shift(age)) & LANE_MASK;
                if (lane != 0) {
                    lanes[2 * bucket + filled / LANES_PER_LONG] |= lane << shift(filled);
                    filled++;
                }
            }
        }
    }

    private static int shift(int lane) {
        return lane % LANES_PER_LONG * LANE_BITS;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return (long) lanes.length * Long.BYTES;
    }
}
