package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GeometryTest {

    @Test
    void regionsNeverExceedTheCapacityAndWasteLittle() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            long capacity = Geometry.CAPACITY_MIN + (random.nextLong(1L << 39) >>> random.nextInt(23));
            checkCapacity(Math.min(capacity, Geometry.CAPACITY_MAX));
        }
        checkCapacity(Geometry.CAPACITY_MIN);
        checkCapacity(Geometry.CAPACITY_MAX);
    }

    private static void checkCapacity(long capacity) {
        for (int chunksMax : new int[] {15, Geometry.SLAB_CHUNKS_MAX}) {
            Geometry geometry = Geometry.of(capacity, chunksMax, 1 << 20);
            int slabs = geometry.slabs();
            int last = geometry.regions(slabs) - 1;
            long allocated = last * geometry.regionBytes(0, slabs) + geometry.regionBytes(last, slabs);
            assertThat(allocated).isLessThanOrEqualTo(capacity);
            long unused = capacity - (long) slabs * geometry.slabBytes();
            assertThat(unused).isBetween(0L, geometry.slabBytes() - 1L);
            assertThat(geometry.regionBytes(0, slabs)).isLessThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void slabsGrowWithTheCapacity() {
        assertThat(chunks(1 << 20, Geometry.SLAB_CHUNKS_MAX)).isEqualTo(4);
        assertThat(chunks(256 << 20, Geometry.SLAB_CHUNKS_MAX)).isEqualTo(32);
        assertThat(chunks(4L << 30, Geometry.SLAB_CHUNKS_MAX)).isEqualTo(64);
        assertThat(chunks(4L << 30, 15)).isEqualTo(15);
        assertThat(chunks(Geometry.CAPACITY_MAX, 15)).isEqualTo(64);
    }

    private static int chunks(long capacity, int chunksMax) {
        return Geometry.of(capacity, chunksMax, 1 << 20).slabBytes() / SizeClasses.SLOT_MAX;
    }
}
