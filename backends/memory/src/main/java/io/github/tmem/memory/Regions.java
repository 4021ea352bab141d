package io.github.tmem.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a backend, taken from its medium a region at a time as usage grows, and given back all at once.
 *
 * <p>Regions are opened under the allocator's lock and read without it. Whoever learned a locator sees the region it lies
 * in; anybody else may see none.
 */
final class Regions {
    private static final System.Logger LOG = System.getLogger("io.github.tmem.memory");
    private static final ValueLayout.OfInt OWNER = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte TAG = ValueLayout.JAVA_BYTE;

    private static final int RECIPROCAL_BITS = 32;

    private final Geometry geometry;
    private final Medium medium;
    private final long reciprocal;
    private final @Nullable MemorySegment[] segments;
    private long allocatedBytes;

    Regions(Geometry geometry, Medium medium) {
        this.geometry = geometry;
        this.medium = medium;
        assert (long) geometry.slabs() * geometry.regionSlabs() < 1L << RECIPROCAL_BITS;
        reciprocal = Math.ceilDiv(1L << RECIPROCAL_BITS, geometry.regionSlabs());
        segments = new @Nullable MemorySegment[geometry.regions()];
    }

    /** Makes sure that the region of a slab is there. Returns whether it is; the medium may have no more memory. */
    boolean open(int slab) {
        int region = region(slab);
        if (segments[region] != null) {
            return true;
        }
        long bytes = geometry.regionBytes(region);
        try {
            segments[region] = medium.allocate(bytes);
        } catch (OutOfMemoryError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no memory for another " + bytes + " bytes; this tier stays at " + allocatedBytes + " bytes");
            return false;
        }
        allocatedBytes += bytes;
        return true;
    }

    /** {@code slab / regionSlabs}, exact as long as their product is below 2^32, and several times as fast. */
    private int region(int slab) {
        return (int) ((slab * reciprocal) >>> RECIPROCAL_BITS);
    }

    /** The bytes taken from the medium and not given back. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** The memory that holds a slab, or null if the caller cannot have a copy there. */
    @Nullable
    MemorySegment segment(int slab) {
        return segments[region(slab)];
    }

    /** Where a slab begins in {@link #segment}. */
    long offset(int slab) {
        return (long) (slab - region(slab) * geometry.regionSlabs()) * geometry.slabBytes();
    }

    /** The owner of the copy that starts in a slot, or the free slot after a free one. */
    int owner(int slab, int slot) {
        return opened(slab).get(OWNER, recordOffset(slab, slot));
    }

    /** What is in a slot. */
    int tag(int slab, int slot) {
        return Byte.toUnsignedInt(opened(slab).get(TAG, recordOffset(slab, slot) + Integer.BYTES));
    }

    void setRecord(int slab, int slot, int owner, int tag) {
        MemorySegment segment = opened(slab);
        long offset = recordOffset(slab, slot);
        segment.set(OWNER, offset, owner);
        segment.set(TAG, offset + Integer.BYTES, (byte) tag);
    }

    private MemorySegment opened(int slab) {
        MemorySegment segment = segment(slab);
        if (segment == null) {
            throw new IllegalStateException("slab " + slab + " is not open");
        }
        return segment;
    }

    private long recordOffset(int slab, int slot) {
        return offset(slab) + geometry.slabBytes() - (long) Geometry.RECORD_BYTES * (slot + 1);
    }

    /** Gives everything back. */
    void close() {
        Arrays.fill(segments, null);
        medium.close();
        allocatedBytes = 0;
    }
}
