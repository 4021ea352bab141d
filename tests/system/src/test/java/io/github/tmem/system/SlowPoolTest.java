package io.github.tmem.system;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class SlowPoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        // The first tier is too small for most tests, so pages travel.
        return List.of(
                stores.checked("heap", 4L << 20), stores.checked(tier -> KeyedTestBackend.slow(24L << 20), 24L << 20));
    }
}
