package io.github.tmem.remote;

import static io.github.tmem.api.PageKind.EPHEMERAL;
import static io.github.tmem.api.PageKind.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Persistent copies that a replica has to have before their put is acknowledged. */
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class ReplicasTest {

    private static RedisServer replicaOf(RedisServer master) {
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        Race.until(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
        return replica;
    }

    private static RedisServer master() {
        return RedisServer.start("--repl-diskless-sync-delay", "0");
    }

    @Test
    void whatIsAcknowledgedIsOnTheReplica() {
        try (RedisServer master = master();
                RedisServer replica = replicaOf(master);
                RemoteBackend tier = Tiers.open(master, "persistent", "accept-loss", "replicas", "1")) {
            List<CompletableFuture<Long>> puts = new ArrayList<>();
            for (long copyId = 1; copyId <= 300; copyId++) {
                puts.add(Copies.putAsync(tier, PERSISTENT, copyId));
            }
            for (long copyId = 1; copyId <= 300; copyId++) {
                assertThat(puts.get((int) copyId - 1).join()).isEqualTo(copyId);
            }
            master.process().freeze();
            assertThat(replica.command("KEYS", "tmem:*{*").lines()).hasSize(300);
            master.process().thaw();
        }
    }

    @Test
    void aReplicaIsNoServer() {
        try (RedisServer master = master();
                RedisServer replica = replicaOf(master)) {
            assertThatThrownBy(() -> Tiers.open(replica))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is a replica and takes no writes; allowed: its master");
        }
    }

    @Test
    void whatTheReplicaDoesNotTakeIsRefusedAndUndone() {
        try (RedisServer master = master();
                RedisServer replica = replicaOf(master);
                RemoteBackend tier =
                        Tiers.open(master, "persistent", "accept-loss", "replicas", "1", "timeout", "2s")) {
            assertThat(Copies.put(tier, PERSISTENT, 1)).isEqualTo(1);
            replica.process().freeze();
            CompletableFuture<Long> asynchronous = Copies.putAsync(tier, PERSISTENT, 2);
            assertThat(Copies.put(tier, EPHEMERAL, 3)).isEqualTo(3); // not held up
            assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            assertThat(asynchronous.join()).isEqualTo(Outcome.FULL);
            assertThat(Copies.get(tier, 2)).isEqualTo(Outcome.GONE);
            assertThat(tier.usage().copies()).isEqualTo(2);
            replica.process().thaw();
            assertThat(Copies.put(tier, PERSISTENT, 4)).isEqualTo(4);
        }
    }

    @Test
    void aMasterThatWantsReplicasItselfRefuses() {
        try (RedisServer master = RedisServer.start("--min-replicas-to-write", "1")) {
            assertThatThrownBy(() -> Tiers.open(master, "persistent", "accept-loss", "replicas", "1"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has 0 replicas; allowed: at least 1, as replicas says");
            try (RemoteBackend tier = Tiers.open(master)) {
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(Outcome.FULL);
                assertThat(tier.usedBytes()).isZero();
            }
        }
    }
}
