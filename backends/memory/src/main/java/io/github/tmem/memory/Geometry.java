package io.github.tmem.memory;

/**
 * How a capacity is cut up. A region is a table of slot words followed by slabs:
 *
 * <pre>
 *   | words of slab 0 | ... | words of slab r-1 | slab 0 | slab 1 | ... | slab r-1 |      r = regionSlabs
 * </pre>
 *
 * @param slabBytes the size of a slab, a power of two
 * @param slabs the number of slabs, 1 or above
 * @param regionSlabs the most slabs in one region
 */
record Geometry(int slabBytes, int slabs, int regionSlabs) {

    /** The smallest capacity, in bytes. */
    static final long CAPACITY_MIN = 64L << 10;

    /** The largest capacity, in bytes: slab numbers have {@link Locator#SLAB_BITS} bits. */
    static final long CAPACITY_MAX = 512L << 30;

    /** The largest slab, in bytes: slot numbers have {@link Locator#SLOT_BITS} bits. */
    static final int SLAB_MAX = 256 << 10;

    private static final int SLAB_MIN = 16 << 10;

    /**
     * Slab sizes follow the capacity: larger slabs lose less to rounding, smaller ones less to the one slab of each class
     * that is part empty. Measured with lengths of 600 to 3,600 bytes, 1,024 to 4,096 slabs hold the most.
     */
    private static final int SLABS_AIM = 2048;

    /** A slab has room for this many slot words outside itself, per byte of the slab. */
    private static final int BYTES_PER_OUTER_WORD = 2048;

    /**
     * Cuts up {@code capacity}.
     *
     * @param capacity in bytes, {@link #CAPACITY_MIN} to {@link #CAPACITY_MAX}
     * @param slabMax the largest slab, in bytes, unless there would be too many
     * @param regionMax the largest region, in bytes
     */
    static Geometry of(long capacity, int slabMax, int regionMax) {
        if (capacity < CAPACITY_MIN || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        long aim = Long.highestOneBit(capacity / SLABS_AIM);
        int slabBytes = Math.clamp(aim, SLAB_MIN, slabMax);
        while (capacity / slabBytes > 1 << Locator.SLAB_BITS) {
            slabBytes *= 2;
        }
        int regionSlabs = Math.max(1, regionMax / (slabBytes + 8 * outerWords(slabBytes)));
        long table = 8L * outerWords(slabBytes) * regionSlabs;
        long region = table + (long) slabBytes * regionSlabs;
        long rest = capacity % region - table;
        long slabs = capacity / region * regionSlabs + Math.max(0, rest / slabBytes);
        return new Geometry(slabBytes, Math.toIntExact(slabs), regionSlabs);
    }

    Geometry {
        assert Integer.bitCount(slabBytes) == 1 && slabs > 0 && slabs <= 1 << Locator.SLAB_BITS;
    }

    /** The slot words a slab has outside itself; a slab with more slots keeps the words of all at its own end. */
    int outerWords() {
        return outerWords(slabBytes);
    }

    private static int outerWords(int slabBytes) {
        return slabBytes / BYTES_PER_OUTER_WORD;
    }

    /** The bytes of the capacity that a slab takes, its outer words included. */
    int slabFootprint() {
        return slabBytes + 8 * outerWords();
    }

    /** The bytes before the first slab of a region. */
    int tableBytes() {
        return 8 * outerWords() * regionSlabs;
    }

    int regions() {
        return Math.ceilDiv(slabs, regionSlabs);
    }

    /** The size of a region in bytes; the last one may be smaller than the others. */
    long regionBytes(int region) {
        int count = Math.min(regionSlabs, slabs - region * regionSlabs);
        return tableBytes() + (long) count * slabBytes;
    }
}
