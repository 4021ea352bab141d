package io.github.tmem.system;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class KeyedPoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(stores.checked(tier -> KeyedTestBackend.local(24L << 20), 24L << 20));
    }
}
