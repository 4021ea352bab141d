package io.github.tmem.chronicle;

import com.sun.management.OperatingSystemMXBean;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.lang.management.ManagementFactory;
import java.util.Set;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.map.ChronicleMap;

/**
 * The tier type {@code chronicle}: ephemeral pages in a Chronicle Map in native memory. A percentage is one of the
 * machine's (or container's) memory.
 */
public final class ChronicleProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ChronicleProvider() {}

    @Override
    public String type() {
        return "chronicle";
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
        if (!config.settings().isEmpty()) {
            throw new ConfigException("tier chronicle: unknown setting \""
                    + config.settings().keySet().iterator().next() + "\"; allowed: none");
        }
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long capacity = config.capacity().resolve(memory);
        if (capacity < MapGeometry.CAPACITY_MIN) {
            throw wrong(config, capacity, "at least " + Size.ofBytes(MapGeometry.CAPACITY_MIN));
        }
        if (capacity > MapGeometry.CAPACITY_MAX) {
            throw wrong(config, capacity, "at most " + Size.ofBytes(MapGeometry.CAPACITY_MAX));
        }
        if (capacity > memory) {
            throw wrong(config, capacity, "at most the memory of this machine, " + Size.ofBytes(memory));
        }
        return capacity;
    }

    /**
     * Opens a map and reserves its memory.
     *
     * @throws ConfigException also if the JVM was started without an option that Chronicle Map needs
     */
    @Override
    public Backend open(TierConfig config) {
        long capacity = capacity(config);
        JvmOptions.check(ChronicleMap.class.getModule());
        int machinePage = OS.pageSize();
        if (capacity < MapGeometry.capacityMin(machinePage)) {
            throw wrong(config, capacity, "at least " + Size.ofBytes(MapGeometry.capacityMin(machinePage)));
        }
        MapGeometry geometry = MapGeometry.of(capacity, machinePage);
        return new ChronicleBackend(geometry, geometry.create());
    }

    private static ConfigException wrong(TierConfig config, long capacity, String allowed) {
        String value = config.capacity().isPercent()
                ? config.capacity() + " (" + Size.ofBytes(Math.max(1, capacity)) + ")"
                : config.capacity().toString();
        return new ConfigException("tier chronicle: capacity " + value + " cannot be used; allowed: " + allowed);
    }
}
