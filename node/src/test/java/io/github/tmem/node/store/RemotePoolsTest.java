package io.github.tmem.node.store;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.contract.PoolContract;
import io.github.tmem.node.peer.RunningNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools of a node keep what pools promise, as seen from another program. */
class RemotePoolsTest {

    /** Pools of one program. */
    @Nested
    class Private extends OverTheWire {}

    /** Pools that have a UUID. */
    @Nested
    class Shared extends OverTheWire {
        @Override
        protected PoolConfig change(PoolConfig plain) {
            UUID uuid = UUID.nameUUIDFromBytes(plain.name().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return plain.sharedAs(uuid).withGetMode(plain.getMode());
        }
    }

    /** A node for each test, which ends after its store was examined. */
    abstract static class OverTheWire extends PoolContract {
        private final RunningNode node = new RunningNode();

        @Order(1)
        @RegisterExtension
        final AfterEachCallback end = context -> node.close();

        @Override
        protected List<TierConfig> tiers() {
            throw new IllegalStateException("the node has its tiers");
        }

        @Override
        protected PageStore openStore() {
            return stores.adopt(Remote.connect(node.port()));
        }
    }
}
