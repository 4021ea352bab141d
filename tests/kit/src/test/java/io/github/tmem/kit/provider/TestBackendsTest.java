package io.github.tmem.kit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.provider.TestBackends.Registration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class TestBackendsTest {

    @Test
    void providersAreFound() {
        assertThat(ServiceLoader.load(BackendProvider.class))
                .extracting(BackendProvider::type)
                .contains("test-keyed", "test-located", "wrapped");
        assertThat(ServiceLoader.load(CodecProvider.class))
                .extracting(CodecProvider::name)
                .contains("test-runs", "test-gated");
    }

    @Test
    void aStoreGetsTheLiveInstanceWhileItIsRegistered() {
        KeyedTestBackend backend = KeyedTestBackend.local(4096);
        TierConfig tier;
        try (Registration entry = TestBackends.register("test-keyed", config -> backend)) {
            tier = entry.tier(4096);
            assertThat(new KeyedTestProvider().capacity(tier)).isEqualTo(4096);
            assertThat(new KeyedTestProvider().open(tier)).isSameAs(backend);
            assertThatThrownBy(() -> new LocatedTestProvider().open(tier)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> new KeyedTestProvider().open(tier)).isInstanceOf(ConfigException.class);
    }
}
