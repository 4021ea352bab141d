package io.github.tmem.system;

import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

class TwoTierDemotePoolTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(
                stores.checked("heap", 4L << 20)
                        .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE)
                        .withWatermarks(40, 20),
                stores.checked("offheap", 24L << 20).withCodec("zstd"));
    }
}
