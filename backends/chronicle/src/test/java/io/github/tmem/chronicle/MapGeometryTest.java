package io.github.tmem.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.map.ChronicleMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapGeometryTest {

    @ParameterizedTest
    @ValueSource(longs = {64 << 10, 100_001, 1 << 20, 4 << 20, (16 << 20) - 1, 17 << 20, 100 << 20, 1 << 30})
    void theCapacityBoundsAllMemoryOfTheMap(long capacity) {
        MapGeometry geometry = MapGeometry.of(capacity, OS.pageSize());
        try (ChronicleMap<Long, byte[]> map = geometry.create()) {
            assertThat(map.offHeapMemoryUsed()).isLessThanOrEqualTo(capacity);
            assertThat(geometry.chunkBytes())
                    .isLessThan(map.offHeapMemoryUsed())
                    .isGreaterThan((long) (0.92 * (capacity - 2L * OS.pageSize() - 1024)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4 << 10, 16 << 10, 64 << 10})
    void theLeastCapacityHoldsPagesWhateverThoseOfTheMachine(int machinePage) {
        long capacity = MapGeometry.capacityMin(machinePage);
        MapGeometry geometry = MapGeometry.of(capacity, machinePage);
        assertThat(geometry.lengthMax()).isGreaterThan(16 << 10);
        assertThat(geometry.chunkBytes()).isLessThan(capacity - 2L * machinePage);
        assertThatThrownBy(() -> MapGeometry.of(capacity - 1, machinePage))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {64 << 10, 1 << 20, 100 << 20})
    void copiesAreChargedAtLeastWhatTheyTake(long capacity) {
        MapGeometry geometry = MapGeometry.of(capacity, OS.pageSize());
        for (int length = 1; length <= geometry.lengthMax(); length = length < 500 ? length + 1 : length * 2 - 3) {
            assertThat((long) geometry.chunks(length) * MapGeometry.CHUNK).isGreaterThanOrEqualTo(length + 12);
        }
        assertThat(geometry.chunks(geometry.lengthMax())).isLessThanOrEqualTo((int) geometry.chunks());
    }
}
