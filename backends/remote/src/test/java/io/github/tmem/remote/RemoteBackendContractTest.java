package io.github.tmem.remote;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.contract.BackendContract;
import io.github.tmem.kit.process.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The backend contract against a real server. */
@ExtendWith(SkippedTestsFail.class)
class RemoteBackendContractTest {
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Nested
    class Ephemeral extends Contract {
        Ephemeral() {
            super("refuse");
        }
    }

    @Nested
    class BothKinds extends Contract {
        BothKinds() {
            super("accept-loss");
        }
    }

    abstract static class Contract extends BackendContract {
        private final String persistent;

        Contract(String persistent) {
            this.persistent = persistent;
        }

        @Override
        protected Backend open(long capacityBytes) {
            TierConfig config = Tiers.config(Tiers.settings(server, "persistent", persistent));
            return new RemoteProvider().open(config.withCapacity(Size.ofBytes(capacityBytes)));
        }
    }
}
