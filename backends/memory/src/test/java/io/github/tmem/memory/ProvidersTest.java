package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {

    private static BackendProvider provider(String type) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void opensWhatIsConfigured(String type) {
        BackendProvider provider = provider(type);
        assertThat(provider.settingKeys()).isEmpty();
        TierConfig config = TierConfig.of(type, Size.parse("1MiB"));
        assertThat(provider.capacity(config)).isEqualTo(1 << 20);
        try (Backend backend = provider.open(config)) {
            assertThat(backend.usage().capacityBytes()).isBetween((1L << 20) - (64 << 10), 1L << 20);
            MemorySegment page = MemorySegment.ofArray(new byte[4096]);
            int pages = 0;
            while (backend.put(pages + 1, PageKind.PERSISTENT, 0, page, 4096) != Outcome.FULL) {
                pages++;
            }
            assertThat(pages).isBetween(248, 256);
        }
    }

    @Test
    void percentagesAreOfWhatThereIs() {
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(provider("heap").capacity(TierConfig.of("heap", Size.ofPercent(25))))
                .isBetween(heap / 4 - 1, heap / 4 + 1);
        assertThat(provider("offheap").capacity(TierConfig.of("offheap", Size.ofPercent(10))))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void refusesWhatDoesNotFit(String type) {
        BackendProvider provider = provider(type);
        for (String size : new String[] {"1KiB", "300GiB", "600GiB"}) {
            TierConfig config = TierConfig.of(type, Size.parse(size));
            assertThatThrownBy(() -> provider.open(config))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("tier " + type, size, "allowed:")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aHeapTierLeavesSomeHeap() {
        TierConfig config = TierConfig.of("heap", Size.ofPercent(91));
        assertThatThrownBy(() -> provider("heap").open(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("91%", "90 %", "-Xmx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void knowsNoSettings(String type) {
        TierConfig config = TierConfig.of(type, Size.parse("1MiB")).withSettings(Map.of("path", "/x"));
        assertThatThrownBy(() -> provider(type).open(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("path");
    }

    @Test
    void heapRegionsSuitTheCollector() {
        assertThat(HeapProvider.regionMax(0)).isEqualTo(1 << 20);
        assertThat(HeapProvider.regionMax(1 << 20)).isEqualTo(1 << 20);
        assertThat(HeapProvider.regionMax(2 << 20)).isEqualTo(2 << 20);
        assertThat(HeapProvider.regionMax(8 << 20)).isEqualTo(1 << 20);
    }
}
