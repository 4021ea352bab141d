package io.github.tmem.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a backend, taken from its medium a region at a time as usage grows, and given back when the backend
 * shrinks, or all at once.
 *
 * <p>A region has so many slabs, but for one that was the last when it was opened: it ends with the capacity of that time
 * and stays so short, and the numbers of the slabs it lacks lead nowhere.
 *
 * <p>Regions are opened and released under the lock of the {@link SlabSupply}, more of them made room for under all stripes, and
 * all are read without any lock. Whoever learned a locator sees the
 * region it lies in; anybody else may see none, or one that is released while he reads.
 */
final class Regions {
    private static final int RECIPROCAL_BITS = 32;

    private final Geometry geometry;
    private final Medium medium;
    private final long reciprocal;
    private @Nullable MemorySegment[] segments;
    private long allocatedBytes;

    /** A number of slabs, and the number below which their numbers are. */
    record Extent(int slabs, int limit) {}

    Regions(Geometry geometry, Medium medium) {
        this.geometry = geometry;
        this.medium = medium;
        assert (1L << Locator.SLAB_BITS) * geometry.regionSlabs() < 1L << RECIPROCAL_BITS;
        reciprocal = Math.ceilDiv(1L << RECIPROCAL_BITS, geometry.regionSlabs());
        segments = new @Nullable MemorySegment[geometry.regions(geometry.slabs())];
    }

    /** What the regions come from. */
    Medium medium() {
        return medium;
    }

    /**
     * The numbers of so many slabs, as the regions are now. An open region behind the first is not cut, because its memory
     * could not be given back: there may be fewer slabs than asked for.
     */
    Extent extent(int slabs) {
        int region = 0;
        int left = slabs;
        for (int here = slabsIn(region); left > here; here = slabsIn(region)) {
            left -= here;
            region++;
        }
        int first = region * geometry.regionSlabs();
        boolean cuts = region > 0 && isOpen(region) && left < slabsIn(region);
        return cuts ? new Extent(slabs - left, first) : new Extent(slabs, first + left);
    }

    /** The number of slabs whose numbers are below {@code limit}, as the regions are now. */
    int slabsBelow(int limit) {
        int slabs = limit;
        for (int region = 0; region < geometry.regions(limit); region++) {
            int here = Math.min(geometry.regionSlabs(), limit - region * geometry.regionSlabs());
            slabs -= Math.max(0, here - slabsIn(region));
        }
        return slabs;
    }

    private int slabsIn(int region) {
        MemorySegment segment = region < segments.length ? segments[region] : null;
        return segment == null ? geometry.regionSlabs() : (int) (segment.byteSize() / geometry.slabBytes());
    }

    private boolean isOpen(int region) {
        return region < segments.length && segments[region] != null;
    }

    /** Makes room for the regions of slabs with numbers below {@code limit}. */
    void grow(int limit) {
        int regions = geometry.regions(limit);
        if (regions > segments.length) {
            @Nullable MemorySegment[] longer = Arrays.copyOf(segments, regions);
            VarHandle.releaseFence(); // a reader finds in it whatever he found in the old one
            segments = longer;
        }
    }

    /** Whether a slab is in its region, or would be if that was opened: one that is short lacks some. */
    boolean reaches(int slab) {
        int region = region(slab);
        return slab - region * geometry.regionSlabs() < slabsIn(region);
    }

    /**
     * Makes sure that the region of a slab is there, as far as slabs have numbers below {@code limit}. Returns whether it
     * is; the medium may have no more memory.
     */
    boolean open(int slab, int limit) {
        int region = region(slab);
        if (segments[region] != null) {
            return true;
        }
        int first = region * geometry.regionSlabs();
        long bytes = geometry.regionBytes(region, limit);
        try {
            segments[region] = medium.allocate(geometry.bytes(first), bytes, geometry.bytes(limit - first));
        } catch (OutOfMemoryError e) {
            return false;
        }
        allocatedBytes += bytes;
        return true;
    }

    /** Gives a region back to the medium, if it is open. No slab of it is in use. */
    void release(int region) {
        MemorySegment segment = segments[region];
        if (segment != null) {
            segments[region] = null; // first, so that nobody begins to read it
            allocatedBytes -= segment.byteSize();
            medium.release(segment, openNextTo(region, -1), openNextTo(region, 1));
        }
    }

    private @Nullable MemorySegment openNextTo(int region, int step) {
        int next = region + step;
        while (next >= 0 && next < segments.length && segments[next] == null) {
            next += step;
        }
        return next >= 0 && next < segments.length ? segments[next] : null;
    }

    /** {@code slab / regionSlabs}, exact as long as their product is below 2^32, and several times as fast. */
    int region(int slab) {
        return (int) ((slab * reciprocal) >>> RECIPROCAL_BITS);
    }

    /** The bytes taken from the medium and not given back. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** The memory that holds a slab, or null if the caller cannot have a copy there. */
    @Nullable
    MemorySegment segment(int slab) {
        @Nullable MemorySegment[] seen = segments;
        int region = region(slab);
        return region < seen.length ? seen[region] : null;
    }

    /** Where a slab begins in {@link #segment}. */
    long offset(int slab) {
        return (long) (slab - region(slab) * geometry.regionSlabs()) * geometry.slabBytes();
    }

    /** Gives everything back. */
    void close() {
        Arrays.fill(segments, null);
        medium.close();
        allocatedBytes = 0;
    }
}
