package io.github.tmem.system;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.util.List;

/** As long as there is room, a write-through pool is a persistent pool like any other. */
class WriteThroughPoolContractTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(stores.checked("heap", 12L << 20), stores.checked("offheap", 24L << 20));
    }

    @Override
    protected PoolConfig change(PoolConfig plain) {
        return plain.kind() == PageKind.PERSISTENT ? plain.withWrite(WriteMode.THROUGH) : plain;
    }
}
