package io.github.tmem.memory;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.HugePages;
import java.util.Optional;
import java.util.Set;

/** The tier type {@code offheap}: slabs in native memory. A percentage is one of the machine's (or container's) memory. */
public final class OffHeapProvider implements BackendProvider {
    /**
     * Half a MiB and the owners of its slots. Where there are no huge pages, the put that needs a new region waits until it is
     * filled with zeros: about a quarter of a millisecond when the machine has to find every page of it first.
     */
    private static final int REGION_MAX = (512 << 10) + (4 << 10);

    /**
     * Tiers of fewer bytes have small pages, whose places a processor remembers or finds in its cache, and take no more memory
     * than they use.
     */
    private static final long HUGE_PAGES_MIN = 16 << 20;

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
        return new SlabBackend(Geometry.of(capacity, Geometry.SLAB_CHUNKS_MAX, REGION_MAX), medium(capacity));
    }

    private static Medium medium(long capacity) {
        Optional<HugePages> pages = capacity < HUGE_PAGES_MIN ? Optional.empty() : HugePages.ofThisMachine();
        return pages.isPresent() ? new HugePageMedium(pages.get()) : new Medium.OffHeap();
    }
}
