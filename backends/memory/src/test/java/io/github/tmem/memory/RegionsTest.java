package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void recordsOfSlotsDoNotTouchEachOther() {
        Geometry geometry = new Geometry(Geometry.slabBytes(4), 3, 2);
        Regions regions = new Regions(geometry, new Medium.OnHeap());
        int slots = new SizeClasses(geometry).slots(0);
        for (int slab = 0; slab < 3; slab++) {
            assertThat(regions.open(slab, 3)).isTrue();
            for (int slot = 0; slot < slots; slot++) {
                regions.setRecord(slab, slot, -slab - slot, slot & 0xff);
            }
        }
        for (int slab = 0; slab < 3; slab++) {
            for (int slot = 0; slot < slots; slot++) {
                assertThat(regions.owner(slab, slot)).isEqualTo(-slab - slot);
                assertThat(regions.tag(slab, slot)).isEqualTo(slot & 0xff);
            }
        }
    }
}
