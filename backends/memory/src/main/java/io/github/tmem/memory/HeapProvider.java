package io.github.tmem.memory;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Set;

/** The tier type {@code heap}: slabs in byte arrays. A percentage is one of the largest size of the Java heap. */
public final class HeapProvider implements BackendProvider {
    /** The rest is for the program, and for the collector to work in. */
    private static final int PERCENT_MAX = 90;

    private static final int SLAB_CHUNKS_MAX = 16;

    /**
     * A little below 2 MiB, header of the array included: the collector G1 keeps large arrays in regions of 1, 2, 4 ...
     * MiB of their own, and what the array leaves over is lost.
     */
    private static final int REGION_MAX = (2 << 20) - 64;

    /** For {@link java.util.ServiceLoader}. */
    public HeapProvider() {}

    @Override
    public String type() {
        return "heap";
    }

    @Override
    public Set<String> settingKeys() {
        return Set.of();
    }

    @Override
    public long capacity(TierConfig config) {
        long heap = Runtime.getRuntime().maxMemory();
        return CapacityLimits.check(
                config,
                heap,
                heap / 100 * PERCENT_MAX,
                PERCENT_MAX + " % of the Java heap of " + Size.ofBytes(heap) + " (option -Xmx)");
    }

    @Override
    public Backend open(TierConfig config) {
        return new SlabBackend(Geometry.of(capacity(config), SLAB_CHUNKS_MAX, REGION_MAX), new Medium.OnHeap());
    }
}
