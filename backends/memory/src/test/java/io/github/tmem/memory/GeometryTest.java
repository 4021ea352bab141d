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
        for (int slabMax : new int[] {64 << 10, Geometry.SLAB_MAX}) {
            Geometry geometry = Geometry.of(capacity, slabMax, 1 << 20);
            int last = geometry.regions() - 1;
            long allocated = last * geometry.regionBytes(0) + geometry.regionBytes(last);
            assertThat(allocated).isLessThanOrEqualTo(capacity);
            long unused = capacity - (long) geometry.slabs() * geometry.slabFootprint();
            assertThat(unused).isBetween(0L, 2L * geometry.slabFootprint());
            assertThat(geometry.regionBytes(0)).isLessThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void slabsGrowWithTheCapacity() {
        assertThat(Geometry.of(1 << 20, Geometry.SLAB_MAX, 1 << 20).slabBytes()).isEqualTo(16 << 10);
        assertThat(Geometry.of(256 << 20, Geometry.SLAB_MAX, 1 << 20).slabBytes())
                .isEqualTo(128 << 10);
        assertThat(Geometry.of(4L << 30, Geometry.SLAB_MAX, 1 << 20).slabBytes())
                .isEqualTo(256 << 10);
        assertThat(Geometry.of(4L << 30, 64 << 10, 1 << 20).slabBytes()).isEqualTo(64 << 10);
    }
}
