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
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tier over a cluster. */
@Tag("long")
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class ClusterTest {
    private static final int COPIES = 1000;

    private static RemoteBackend open(RedisCluster cluster, String timeout) {
        return Tiers.open(
                cluster.servers().getFirst(),
                "uri",
                "redis+cluster://" + cluster.nodes(),
                "persistent",
                "accept-loss",
                "timeout",
                timeout);
    }

    private static long keys(RedisCluster cluster) {
        return cluster.servers().subList(0, 3).stream()
                .mapToLong(server -> Long.parseLong(server.command("DBSIZE")))
                .sum();
    }

    @Test
    void copiesAreSpreadOverAClusterAndAllGoInTheEnd() {
        try (RedisCluster cluster = RedisCluster.start(0)) {
            for (long left = 1; left <= COPIES; left++) {
                new Redirected(cluster).set(CopyKeys.of(99).key(left));
            }
            try (RemoteBackend tier = open(cluster, "10s")) {
                for (long copyId = 1; copyId <= COPIES; copyId++) {
                    assertThat(Copies.put(tier, copyId % 2 == 0 ? EPHEMERAL : PERSISTENT, copyId))
                            .isEqualTo(copyId);
                }
                Race.until(() -> keys(cluster) == COPIES + 1); // the lease; what a dead program left has gone
                for (RedisServer server : cluster.servers()) {
                    assertThat(Long.parseLong(server.command("DBSIZE"))).isPositive();
                }
                for (long copyId = 1; copyId <= COPIES; copyId++) {
                    assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                }
                assertThat(tier.flush(1)).isEqualTo(Outcome.DONE);
                assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.GONE);
            }
            assertThat(keys(cluster)).isZero();
        }
    }

    /** A node that does not answer keeps its own copies from going, and none of those in other nodes. */
    @Test
    void ofManyFreesEachNodeAnswersForItsOwn() {
        try (RedisCluster cluster = RedisCluster.start(0);
                RemoteBackend tier = open(cluster, "900ms")) {
            for (long copyId = 1; copyId <= COPIES; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            long[] all = LongStream.rangeClosed(1, COPIES).toArray();
            int[] outcomes = new int[COPIES];
            long there = Long.parseLong(cluster.servers().getFirst().command("DBSIZE"));
            cluster.servers().getFirst().process().freeze();
            tier.flushAll(all, COPIES, outcomes);
            cluster.servers().getFirst().process().thaw();
            assertThat(outcomes).contains(Outcome.DONE, Outcome.UNAVAILABLE);
            long[] owed = Arrays.stream(all)
                    .filter(copyId -> outcomes[(int) copyId - 1] == Outcome.UNAVAILABLE)
                    .toArray();
            assertThat((long) owed.length).as("the lease may be there, too").isBetween(there - 1, there);
            assertThat(tier.usedBytes()).isEqualTo((long) owed.length * Copies.LENGTH);
            Race.until(() -> {
                tier.flushAll(owed, owed.length, outcomes);
                return Arrays.stream(outcomes, 0, owed.length).allMatch(outcome -> outcome == Outcome.DONE);
            });
            assertThat(tier.usedBytes()).isZero();
            Race.until(() -> keys(cluster) == 1); // the lease
        }
    }

    /** Stores keys in whichever node is responsible for them. */
    private record Redirected(RedisCluster cluster) {
        void set(byte[] key) {
            String name = new String(key, java.nio.charset.StandardCharsets.US_ASCII);
            boolean stored = cluster.servers().stream()
                    .anyMatch(server -> server.command("SET", name, "left").equals("OK"));
            assertThat(stored).isTrue();
        }
    }

    @Test
    void aNodeOfAClusterIsNoServerOfItsOwnAndAServerIsNoCluster() {
        try (RedisCluster cluster = RedisCluster.start(0);
                RedisServer single = RedisServer.start()) {
            assertThatThrownBy(() -> Tiers.open(cluster.servers().getFirst()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is part of a cluster; allowed: redis+cluster://");
            assertThatThrownBy(() -> Tiers.open(single, "uri", "redis+cluster://127.0.0.1:" + single.port()))
                    .isInstanceOf(ConfigException.class)
                    .message()
                    .contains("cluster support disabled")
                    .doesNotContain("\n");
        }
    }

    /** A master is killed while copies are put: whatever was acknowledged is there, or is known to be gone. */
    @Test
    void whenAMasterIsKilledItsReplicaAnswersAndNothingIsLostSilently() {
        try (RedisCluster cluster = RedisCluster.start(1);
                RemoteBackend tier = open(cluster, "500ms")) {
            List<Long> acknowledged = new ArrayList<>();
            for (long copyId = 1; copyId <= COPIES; copyId++) {
                if (copyId == COPIES / 2) {
                    cluster.servers().get(1).kill();
                }
                long result = Copies.put(tier, PERSISTENT, copyId);
                assertThat(result).isIn(copyId, (long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
                if (result > 0) {
                    acknowledged.add(copyId);
                }
            }
            assertThat(acknowledged).hasSizeGreaterThan(COPIES / 2);
            long lost = 0;
            for (long copyId : acknowledged) {
                Race.until(() -> Copies.get(tier, copyId) != Outcome.UNAVAILABLE); // until the replica has taken over
                int result = Copies.get(tier, copyId);
                lost += result == Outcome.GONE ? 1 : 0;
            }
            assertThat(lost).isLessThan(COPIES / 10);
            for (long copyId = COPIES + 1; copyId <= COPIES + 200; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
        }
    }
}
