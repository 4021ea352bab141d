package io.github.tmem.memory;

import static io.github.tmem.memory.SlabTable.NONE;

import io.github.tmem.memory.Regions.Extent;

/**
 * Hands out whole slabs, within a capacity that can change.
 *
 * <p>Its monitor guards what is kept about slabs that are in no group, and is wanted by those who hold a {@link Stripe}, for a slab
 * that takes or leaves a group of it. The capacity and its limit change only while all stripes are held, but for a capacity that
 * becomes less for want of memory. Anybody may ask for {@link #usedBytes}.
 *
 * <p>Slabs have numbers below a limit. After the capacity has shrunk, slabs with copies may have higher ones: they count as
 * used until they are given back, and are not handed out again. A region in which no slab is below the limit or in use
 * goes back to the medium.
 */
final class SlabSupply {
    private static final System.Logger LOG = System.getLogger("io.github.tmem.memory");

    private final Geometry geometry;
    private final Regions regions;
    private final SlabTable table;

    /** The capacity in slabs: what was asked for, or less once the medium had no more. */
    private int slabs;

    private int limit;

    /** Slabs below were handed out at some time, or cannot be; those from here on may be in use if the limit was higher. */
    private int opened;

    private int openable;
    private volatile int slabsUsed;

    SlabSupply(Geometry geometry, Regions regions, SlabTable table) {
        this.geometry = geometry;
        this.regions = regions;
        this.table = table;
        slabs = geometry.slabs();
        limit = slabs;
        openable = slabs;
    }

    /** The slabs handed out, in bytes. */
    long usedBytes() {
        return (long) slabsUsed * geometry.slabBytes();
    }

    /** The capacity in bytes: what was asked for, or less once the medium had no more. */
    long capacityBytes() {
        return (long) slabs * geometry.slabBytes();
    }

    /** Whether a slab has to be given back, because the capacity has shrunk. */
    boolean isBeyond(int slab) {
        return slab >= limit;
    }

    /**
     * Takes a slab that is free, or was never used, and cuts it into slots of a group, or of none.
     *
     * @return the slab, or {@link SlabTable#NONE} if the capacity is used up, or there is no memory for what is kept about the slab
     */
    synchronized int take(int group) {
        if (slabsUsed >= slabs) {
            return NONE;
        }
        int slab = table.firstFree();
        if (slab == NONE) {
            slab = openUnknown();
        }
        if (slab == NONE || !table.prepareCut(slab, group)) {
            return NONE;
        }
        table.delist(slab);
        table.cut(slab, group); // before another may take it for one that was never used
        setSlabsUsed(slabsUsed + 1);
        return slab;
    }

    /** A slab that was never used and has its memory. */
    private int openUnknown() {
        while (opened < openable && !(table.isUnknown(opened) && regions.reaches(opened))) {
            opened++;
        }
        if (opened < openable && !regions.open(opened, limit)) {
            openable = opened;
            slabs = knownSlabs();
            warn();
        }
        return opened < openable ? opened : NONE;
    }

    private void warn() {
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no memory for another " + geometry.regionBytes(regions.region(opened), limit)
                            + " bytes; this tier stays at " + capacityBytes() + " bytes");
        } catch (OutOfMemoryError e) {
            // the tier is as it should be, only the words are missing; callers hold slabs that must not get lost
        }
    }

    private int knownSlabs() {
        int known = 0;
        for (int slab = 0; slab < limit; slab++) {
            known += table.isUnknown(slab) ? 0 : 1;
        }
        return known;
    }

    /** Takes back an empty slab. */
    synchronized void give(int slab) {
        table.forget(slab);
        setSlabsUsed(slabsUsed - 1);
        if (isBeyond(slab)) {
            releaseIfUnused(regions.region(slab));
        } else {
            table.enlist(slab);
        }
    }

    /** The only writer is whoever holds the monitor. */
    private void setSlabsUsed(int count) {
        assert count >= 0 && (count <= slabs || count < slabsUsed);
        slabsUsed = count;
    }

    /**
     * Changes the number of slabs. What is in use beyond the new limit stays so.
     *
     * @return the limit before
     */
    int resize(Extent extent) {
        int before = limit;
        if (extent.limit() > table.slabs()) {
            regions.grow(extent.limit());
            table.grow(extent.limit());
        }
        slabs = extent.slabs();
        limit = extent.limit();
        opened = Math.min(opened, limit);
        openable = limit;
        return before;
    }

    /** The limit of slab numbers. */
    int limit() {
        return limit;
    }

    /** Gives a region back to the medium if no slab of it is below the limit or in use. */
    synchronized void releaseIfUnused(int region) {
        int first = region * geometry.regionSlabs();
        int end = Math.min(first + geometry.regionSlabs(), table.slabs());
        for (int slab = first; slab < end; slab++) {
            if (!isBeyond(slab) || !table.isUnknown(slab)) {
                return;
            }
        }
        for (int slab = first; slab < end; slab++) {
            table.tags().close(slab);
        }
        regions.release(region);
    }
}
