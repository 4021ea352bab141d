package io.github.tmem.system;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A handle of a shared pool is a pool like any other. */
class SharedPoolContractTest extends PoolContract {
    @Override
    protected List<TierConfig> tiers() {
        return List.of(stores.checked("heap", 12L << 20), stores.checked("offheap", 24L << 20));
    }

    @Override
    protected PoolConfig change(PoolConfig plain) {
        UUID uuid = UUID.nameUUIDFromBytes(plain.name().getBytes(StandardCharsets.UTF_8));
        return plain.sharedAs(uuid, Secret.of("secret".toCharArray())).withGetMode(plain.getMode());
    }
}
