package io.github.tmem.bench.replay;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Set;

/** The tier type {@value #TYPE}: exactly as many 4 KiB pages as its capacity says. */
public final class SlotsProvider implements BackendProvider {
    /** The name in configurations. */
    static final String TYPE = "slots";

    /** For {@link java.util.ServiceLoader}. */
    public SlotsProvider() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Location location() {
        return Location.MEMORY;
    }

    @Override
    public Set<String> settingKeys() {
        return Set.of();
    }

    @Override
    public long capacity(TierConfig config) {
        long bytes = config.capacity().isPercent() ? 0 : config.capacity().bytes();
        if (bytes < SlotsBackend.SLOT_BYTES) {
            throw new ConfigException("tier " + TYPE + ": capacity " + config.capacity() + "; allowed: at least "
                    + SlotsBackend.SLOT_BYTES + "B, no percentage");
        }
        return bytes - bytes % SlotsBackend.SLOT_BYTES;
    }

    @Override
    public Backend open(TierConfig config) {
        return new SlotsBackend(capacity(config));
    }
}
