package io.github.tmem.system;

import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class TwoTierPromotePoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(
                stores.checked("heap", 24L << 20)
                        .withWhenFull(FullAction.EVICT, FullAction.DEMOTE)
                        .withWatermarks(2, 1),
                stores.checked("offheap", 24L << 20).withPromote(Promotion.ALWAYS));
    }
}
