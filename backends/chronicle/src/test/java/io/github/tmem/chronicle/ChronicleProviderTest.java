package io.github.tmem.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ChronicleProviderTest {

    private static BackendProvider provider() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("chronicle"))
                .findFirst()
                .orElseThrow();
    }

    private static TierConfig tier(Size capacity) {
        return TierConfig.of("chronicle", capacity);
    }

    @Test
    void opensWhatIsConfigured() {
        try (Backend backend = provider().open(tier(Size.parse("1MiB")))) {
            assertThat(backend.usage().capacityBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void aPercentageIsOfTheMachine() {
        long whole = provider().capacity(tier(Size.ofPercent(100)));
        assertThat(provider().capacity(tier(Size.ofPercent(10)))).isBetween(whole / 10 - 1, whole / 10 + 1);
    }

    @Test
    void refusesWhatDoesNotFit() {
        for (String size : new String[] {"1KiB", "300GiB", "600GiB"}) {
            assertThatThrownBy(() -> provider().open(tier(Size.parse(size))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("tier chronicle", size, "allowed:")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void knowsNoSettings() {
        TierConfig withPath = tier(Size.parse("1MiB")).withSettings(Map.of("path", "/x"));
        assertThat(provider().settingKeys()).isEmpty();
        assertThatThrownBy(() -> provider().open(withPath))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("path");
    }
}
