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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Geometry geometry;
    private final Medium medium;
    private final @Nullable MemorySegment[] segments;
    private long allocatedBytes;

    Regions(Geometry geometry, Medium medium) {
        this.geometry = geometry;
        this.medium = medium;
        segments = new @Nullable MemorySegment[geometry.regions()];
    }

    /** Makes sure that the region of a slab is there. Returns whether it is; the medium may have no more memory. */
    boolean open(int slab) {
        int region = slab / geometry.regionSlabs();
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

    /** The bytes taken from the medium and not given back. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** The memory that holds a slab, or null if the caller cannot have a copy there. */
    @Nullable
    MemorySegment segment(int slab) {
        return segments[slab / geometry.regionSlabs()];
    }

    /** Where a slab begins in {@link #segment}. */
    long offset(int slab) {
        return geometry.tableBytes() + (long) (slab % geometry.regionSlabs()) * geometry.slabBytes();
    }

    /** The word of a slot, of a slab with {@code slots} slots. */
    long word(int slab, int slots, int slot) {
        return opened(slab).get(LONG, wordOffset(slab, slots, slot));
    }

    void setWord(int slab, int slots, int slot, long word) {
        opened(slab).set(LONG, wordOffset(slab, slots, slot), word);
    }

    private MemorySegment opened(int slab) {
        MemorySegment segment = segment(slab);
        if (segment == null) {
            throw new IllegalStateException("slab " + slab + " is not open");
        }
        return segment;
    }

    private long wordOffset(int slab, int slots, int slot) {
        assert slot < slots;
        return slots <= geometry.outerWords()
                ? 8L * ((slab % geometry.regionSlabs()) * geometry.outerWords() + slot)
                : offset(slab) + geometry.slabBytes() - 8L * (slot + 1);
    }

    /** Gives everything back. */
    void close() {
        Arrays.fill(segments, null);
        medium.close();
        allocatedBytes = 0;
    }
}
