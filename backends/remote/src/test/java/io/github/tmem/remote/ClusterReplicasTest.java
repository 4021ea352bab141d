package io.github.tmem.remote;

import static io.github.tmem.api.PageKind.EPHEMERAL;
import static io.github.tmem.api.PageKind.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.RedisCluster;
import io.github.tmem.kit.process.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Persistent copies in a cluster that a replica of their master has to have before their put is acknowledged. */
@Tag("long")
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class ClusterReplicasTest {

    private static RemoteBackend open(RedisCluster cluster, String timeout) {
        return Tiers.open(
                cluster.servers().getFirst(),
                "uri",
                "redis+cluster://" + cluster.nodes(),
                "persistent",
                "accept-loss",
                "timeout",
                timeout,
                "replicas",
                "1");
    }

    private static long copies(RedisServer server) {
        return server.command("KEYS", "tmem:*{*")
                .lines()
                .filter(key -> !key.isEmpty())
                .count();
    }

    @Test
    void aClusterWithoutReplicasIsNotEnough() {
        try (RedisCluster cluster = RedisCluster.start(0)) {
            assertThatThrownBy(() -> open(cluster, "10s"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has 0 replicas; allowed: at least 1, as replicas says");
        }
    }

    /** One replica stands still: what goes to its master is refused and undone, all else is stored. */
    @Test
    void whatTheReplicaDoesNotTakeIsRefusedAndUndone() {
        try (RedisCluster cluster = RedisCluster.start(1);
                RemoteBackend tier = open(cluster, "2s")) {
            List<CompletableFuture<Long>> puts = new ArrayList<>();
            for (long copyId = 1; copyId <= 600; copyId++) {
                puts.add(Copies.putAsync(tier, PERSISTENT, copyId));
            }
            for (long copyId = 1; copyId <= 600; copyId++) {
                assertThat(puts.get((int) copyId - 1).join()).isEqualTo(copyId);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(copies(cluster.servers().get(3 + i)))
                        .isEqualTo(copies(cluster.servers().get(i)))
                        .isPositive();
            }
            long before = copies(cluster.servers().getFirst());
            cluster.servers().get(3).process().freeze();
            puts.clear();
            for (long copyId = 10_001; copyId <= 11_000; copyId++) {
                puts.add(Copies.putAsync(tier, PERSISTENT, copyId));
            }
            int refused = 0;
            for (long copyId = 10_001; copyId <= 11_000; copyId++) {
                long result = puts.get((int) copyId - 10_001).join();
                assertThat(result).isIn(copyId, (long) Outcome.FULL);
                assertThat(Copies.get(tier, copyId)).isEqualTo(result == copyId ? Copies.LENGTH : Outcome.GONE);
                refused += result == copyId ? 0 : 1;
            }
            assertThat(refused).isBetween(1, 999);
            assertThat(copies(cluster.servers().getFirst())).isEqualTo(before);
            assertThat(tier.usage().copies()).isEqualTo(1600 - refused);
            cluster.servers().get(3).process().thaw();
        }
    }

    /** A master is killed while copies are put and read: its replica has all that was acknowledged. */
    @Test
    void whenAMasterIsKilledItsReplicaHasAllThatWasAcknowledged() {
        try (RedisCluster cluster = RedisCluster.start(1);
                RemoteBackend tier = open(cluster, "500ms")) {
            List<Long> acknowledged = new ArrayList<>();
            for (long copyId = 1; copyId <= 1000; copyId++) {
                if (copyId == 500) {
                    cluster.servers().get(1).kill();
                }
                long result = Copies.put(tier, PERSISTENT, copyId);
                assertThat(result)
                        .isIn(copyId, (long) Outcome.UNAVAILABLE, (long) Outcome.DECLINED, (long) Outcome.FULL, (long)
                                Outcome.NOT_SENT);
                if (result > 0) {
                    acknowledged.add(copyId);
                    assertThat(Copies.get(tier, copyId)).isIn(Copies.LENGTH, Outcome.UNAVAILABLE);
                }
            }
            assertThat(acknowledged).hasSizeGreaterThan(400);
            for (long copyId : acknowledged) {
                Race.until(() -> Copies.get(tier, copyId) != Outcome.UNAVAILABLE); // until the replica has taken over
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            // the new master has no replica: no persistent page until it has one
            Race.until(() -> Copies.put(tier, PERSISTENT, System.nanoTime()) == Outcome.DECLINED);
            assertThat(Copies.put(tier, EPHEMERAL, 2000)).isEqualTo(2000);
            cluster.servers().get(1).restart();
            for (long run = 0; run < 30; run++) { // in all masters
                putUntilStored(tier, (1000 + run) * CopyKeys.RUN);
            }
        }
    }

    /** A put without an answer has used its number up; one that was refused has not. */
    private static void putUntilStored(RemoteBackend tier, long firstId) {
        long[] next = {firstId};
        Race.until(() -> {
            long result = Copies.put(tier, PERSISTENT, next[0]);
            next[0] += result == Outcome.UNAVAILABLE ? 1 : 0;
            return result > 0;
        });
    }
}
