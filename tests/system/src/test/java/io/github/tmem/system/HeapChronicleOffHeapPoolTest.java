package io.github.tmem.system;

import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

/** Ephemeral pages travel through a tier that persistent ones pass by. */
class HeapChronicleOffHeapPoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(
                stores.checked("heap", 4L << 20)
                        .withWhenFull(FullAction.DEMOTE, FullAction.FORWARD)
                        .withWatermarks(40, 20),
                stores.checked("chronicle", 8L << 20).withWatermarks(60, 40),
                stores.checked("offheap", 24L << 20));
    }
}
