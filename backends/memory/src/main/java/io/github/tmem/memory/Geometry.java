package io.github.tmem.memory;

/**
 * How a capacity is cut up: into regions, and these into slabs, without anything between them. A slab has slots from its
 * start, each behind the owner of what is in it, so that whoever stores a copy writes its owner into memory that he writes anyway:
 *
 * <pre>
 *   | owner 0 | slot 0 | owner 1 | slot 1 | ... | owner n-1 | slot n-1 |  rest  |
 * </pre>
 *
 * @param slabBytes the size of a slab
 * @param slabs the number of slabs to begin with, 1 or above
 * @param regionSlabs the most slabs in one region
 */
record Geometry(int slabBytes, int slabs, int regionSlabs) {

    /** The bytes of an owner. */
    static final int OWNER_BYTES = 4;

    /** The smallest capacity, in bytes. */
    static final long CAPACITY_MIN = 64L << 10;

    /** The largest capacity, in bytes: slab numbers have {@link Locator#SLAB_BITS} bits. */
    static final long CAPACITY_MAX = 512L << 30;

    /** The most chunks in a slab: slot numbers have {@link Locator#SLOT_BITS} bits. */
    static final int SLAB_CHUNKS_MAX = Chunks.PER_SLAB_MAX;

    private static final int SLAB_CHUNKS_MIN = 4;

    /**
     * Slab sizes follow the capacity: larger slabs lose less to rounding, smaller ones less to the one slab of each class
     * that is part empty. Measured with lengths of 600 to 3,600 bytes, 1,024 to 4,096 slabs hold the most.
     */
    private static final int SLABS_AIM = 2048;

    /** Slabs begin at multiples of this, which is what a processor moves at once. */
    static final int ALIGNMENT = 64;

    /**
     * Cuts up {@code capacity}.
     *
     * @param capacity in bytes, {@link #CAPACITY_MIN} to {@link #CAPACITY_MAX}
     * @param chunksMax the most chunks in a slab, unless there would be too many slabs
     * @param regionMax the largest region, in bytes
     */
    static Geometry of(long capacity, int chunksMax, int regionMax) {
        if (capacity < CAPACITY_MIN || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        long aim = Long.highestOneBit(capacity / SLABS_AIM) / SizeClasses.SLOT_MAX;
        int chunks = Math.clamp(aim, SLAB_CHUNKS_MIN, chunksMax);
        while (capacity / slabBytes(chunks) > 1 << Locator.SLAB_BITS) {
            chunks = Math.min(SLAB_CHUNKS_MAX, 2 * chunks);
        }
        int slabBytes = slabBytes(chunks);
        return new Geometry(slabBytes, Math.toIntExact(capacity / slabBytes), Math.max(1, regionMax / slabBytes));
    }

    /** The size of a slab that holds so many chunks and their owners. */
    static int slabBytes(int chunks) {
        return Math.ceilDiv(chunks * (SizeClasses.SLOT_MAX + OWNER_BYTES), ALIGNMENT) * ALIGNMENT;
    }

    Geometry {
        assert slabBytes % ALIGNMENT == 0 && slabs > 0 && slabs <= 1 << Locator.SLAB_BITS;
    }

    /** The number of regions in which slabs have numbers below {@code limit}. */
    int regions(int limit) {
        return Math.ceilDiv(limit, regionSlabs);
    }

    /** The size of a region in bytes when slabs have numbers below {@code limit}: the last one may be smaller than others. */
    long regionBytes(int region, int limit) {
        return bytes(Math.min(regionSlabs, limit - region * regionSlabs));
    }

    /** The bytes of so many slabs. */
    long bytes(int slabs) {
        return (long) slabBytes * slabs;
    }
}
