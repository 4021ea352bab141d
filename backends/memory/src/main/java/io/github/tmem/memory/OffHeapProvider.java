package io.github.tmem.memory;

import com.sun.management.OperatingSystemMXBean;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Set;

/** The tier type {@code offheap}: slabs in native memory. A percentage is one of the machine's (or container's) memory. */
public final class OffHeapProvider implements BackendProvider {
    /**
     * Half a MiB and the records of its slots. The put that needs a new region waits until it is filled with zeros: about a
     * quarter of a millisecond when the machine has to find every page of it first.
     */
    private static final int REGION_MAX = (512 << 10) + (4 << 10);

    /** For {@link java.util.ServiceLoader}. */
    public OffHeapProvider() {}

    @Override
    public String type() {
        return "offheap";
    }

    @Override
    public Set<String> settingKeys() {
        return Set.of();
    }

    @Override
    public long capacity(TierConfig config) {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return CapacityLimits.check(config, memory, memory, "the memory of this machine, " + Size.ofBytes(memory));
    }

    @Override
    public Backend open(TierConfig config) {
        Geometry geometry = Geometry.of(capacity(config), Geometry.SLAB_CHUNKS_MAX, REGION_MAX);
        return new SlabBackend(geometry, new Medium.OffHeap(Arena.ofShared()));
    }
}
