package io.github.tmem.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.management.ManagementFactory;
import java.util.Set;

/** The tier type {@code heap}: slabs in byte arrays. A percentage is one of the largest size of the Java heap. */
public final class HeapProvider implements BackendProvider {
    /** Of slabs with so many chunks a region has 17, and loses 0.2 %. */
    private static final int SLAB_CHUNKS_MAX = 15;

    /**
     * The put that needs a new region waits until it is filled with zeros: half a millisecond for one MiB when the machine
     * has to find every page of it first.
     */
    private static final int REGION_MAX = 1 << 20;

    /** What a Java array has beside its bytes, and some more. */
    private static final int ARRAY_HEADER = 64;

    /** For {@link java.util.ServiceLoader}. */
    public HeapProvider() {}

    @Override
    public String type() {
        return "heap";
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
        return CapacityLimits.ofHeap().check(config);
    }

    @Override
    public Backend open(TierConfig config) {
        long capacity = capacity(config);
        int regionMax = regionMax(collectorRegion()) - ARRAY_HEADER;
        Geometry geometry = Geometry.of(capacity, SLAB_CHUNKS_MAX, regionMax);
        return new SlabBackend(geometry, new Medium.OnHeap(), SlotWriter.forTierOf(capacity));
    }

    /**
     * How long arrays are best, header included. The collector G1 gives an array above half a region of its own regions for
     * itself alone: it never copies such an array, which would stop the program for longer than any put waits for zeros,
     * but what the array leaves of its last region is lost. Arrays of 2 MiB in regions of 2 MiB are worth their zeros;
     * regions of 4 MiB would not be.
     */
    static int regionMax(long collectorRegion) {
        return collectorRegion == 2 * REGION_MAX ? 2 * REGION_MAX : REGION_MAX;
    }

    /** The size of a region of the collector G1 in bytes; 0 if there is none. */
    private static long collectorRegion() {
        try {
            return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("G1HeapRegionSize")
                    .getValue());
        } catch (IllegalArgumentException anotherMachine) {
            return 0;
        }
    }
}
