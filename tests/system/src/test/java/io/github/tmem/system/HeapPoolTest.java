package io.github.tmem.system;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class HeapPoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(stores.checked("heap", 24L << 20));
    }
}
