package io.github.tmem.system;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class OffHeapPoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(stores.checked("offheap", 24L << 20));
    }
}
