package io.github.tmem.kit.provider;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.Capabilities.Addressing;
import java.util.EnumSet;
import java.util.Set;

/** Provides what tests registered under one type. */
class TestProvider implements BackendProvider {

    private final String type;
    private final Set<Addressing> allowed;

    TestProvider(String type, Set<Addressing> allowed) {
        this.type = type;
        this.allowed = EnumSet.copyOf(allowed);
    }

    @Override
    public final String type() {
        return type;
    }

    @Override
    public final Location location() {
        return Location.DEVICE;
    }

    @Override
    public final Set<String> settingKeys() {
        return Set.of(TestBackends.INSTANCE);
    }

    @Override
    public final long capacity(TierConfig config) {
        return config.capacity().resolve(Runtime.getRuntime().maxMemory());
    }

    @Override
    public final Backend open(TierConfig config) {
        Backend backend = TestBackends.open(config);
        Addressing addressing = backend.capabilities().addressing();
        if (!allowed.contains(addressing)) {
            throw new ConfigException("tier " + type + ": the registered backend is " + addressing);
        }
        return backend;
    }
}
