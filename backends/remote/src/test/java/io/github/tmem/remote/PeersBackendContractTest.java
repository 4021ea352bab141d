package io.github.tmem.remote;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.contract.BackendContract;
import io.github.tmem.kit.process.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The backend contract against two real servers that both hold every persistent page. */
@Tag("long")
@ExtendWith(SkippedTestsFail.class)
class PeersBackendContractTest extends BackendContract {
    private static final List<RedisServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        SERVERS.add(RedisServer.start());
        SERVERS.add(RedisServer.start());
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(RedisServer::close);
        SERVERS.clear();
    }

    @Override
    protected Backend open(long capacityBytes) {
        TierConfig config = Tiers.config(Tiers.settings(
                SERVERS.getFirst(), "uri", Tiers.uri(SERVERS), "persistent", "accept-loss", "replicas", "2"));
        return new RemoteProvider().open(config.withCapacity(Size.ofBytes(capacityBytes)));
    }
}
