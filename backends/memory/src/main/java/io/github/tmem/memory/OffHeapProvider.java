package io.github.tmem.memory;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.machine.HugePages;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.memory.slot.SlotWriter;
import java.util.Optional;
import java.util.Set;

/** The tier type {@code offheap}: slabs in native memory. A percentage is one of the machine's (or container's) memory. */
public final class OffHeapProvider implements BackendProvider {
    /**
     * Half a MiB and the owners of its slots. Where there are no huge pages, the put that needs a new region waits until it is
     * filled with zeros: about a quarter of a millisecond when the machine has to find every page of it first.
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
        long capacity = capacity(config);
        Geometry geometry = Geometry.of(capacity, Geometry.SLAB_CHUNKS_MAX, REGION_MAX);
        return new SlabBackend(geometry, medium(capacity), SlotWriter.forTierOf(capacity));
    }

    private static Medium medium(long capacity) {
        Optional<HugePages> pages = capacity < SlotWriter.LARGE_TIER_MIN ? Optional.empty() : HugePages.ofThisMachine();
        return pages.isPresent() ? new HugePageMedium(pages.get()) : new Medium.OffHeap();
    }
}
