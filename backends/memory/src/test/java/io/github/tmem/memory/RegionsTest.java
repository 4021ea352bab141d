package io.github.tmem.memory;

import org.junit.jupiter.api.Test;

class RegionsTest {

    @Test
    void everySlabHasItsOwnPartOfItsRegion() {
        for (int regionSlabs = 1; regionSlabs <= 130; regionSlabs++) {
            Geometry geometry = new Geometry(Geometry.slabBytes(4), 1 << Locator.SLAB_BITS, regionSlabs);
            Regions regions = new Regions(geometry, new Medium.OnHeap());
            for (int slab = 0; slab < geometry.slabs(); slab += slab < 1000 ? 1 : 97) {
                checkOffset(regions, geometry, slab);
            }
            checkOffset(regions, geometry, geometry.slabs() - 1);
        }
    }

    private static void checkOffset(Regions regions, Geometry geometry, int slab) {
        long expected = (long) (slab % geometry.regionSlabs()) * geometry.slabBytes();
        if (regions.offset(slab) != expected) {
            throw new AssertionError("slab " + slab + " of " + geometry + " is at " + regions.offset(slab));
        }
    }
}
