package io.github.tmem.memory;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Set;

/** The tier type {@code offheap}: slabs in native memory. A percentage is one of the machine's (or container's) memory. */
public final class OffHeapProvider implements BackendProvider {
    /**
     * Half a MiB and the owners of its slots. The put that needs a new region waits until it is filled with zeros: about a
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
    public Location location() {
        return Location.MEMORY;
    }

    @Override
    public Set<String> settingKeys() {
        return Set.of();
    }

    @Override
    public long capacity(TierConfig config) {
        return CapacityLimits.ofMachine().check(config);
    }

    @Override
    public Backend open(TierConfig config) {
        Geometry geometry = Geometry.of(capacity(config), Geometry.SLAB_CHUNKS_MAX, REGION_MAX);
        return new SlabBackend(geometry, new Medium.OffHeap());
    }
}
