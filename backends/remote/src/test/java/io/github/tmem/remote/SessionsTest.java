package io.github.tmem.remote;

import static io.github.tmem.api.PageKind.EPHEMERAL;
import static io.github.tmem.api.PageKind.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.RedisServer;
import io.github.tmem.kit.process.WireProxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an opening of the tier leaves in the server, and who clears it away. */
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class SessionsTest {

    private static long keys(RedisServer server) {
        return Long.parseLong(server.command("DBSIZE"));
    }

    @Test
    void nothingIsLeftAfterClose() {
        try (RedisServer server = RedisServer.start()) {
            server.command("SET", "somebody-elses", "value");
            try (RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss")) {
                for (long copyId = 1; copyId <= 1200; copyId++) {
                    assertThat(Copies.put(tier, copyId % 2 == 0 ? EPHEMERAL : PERSISTENT, copyId))
                            .isEqualTo(copyId);
                }
                assertThat(keys(server)).isEqualTo(1202); // and the lease
            }
            assertThat(server.command("KEYS", "*")).isEqualTo("somebody-elses");
        }
    }

    /** The background is in the middle of a long walk over what somebody else has left. */
    @Test
    void nothingIsLeftAfterACloseThatInterruptsTheBackground() {
        try (RedisServer server = RedisServer.start("--enable-debug-command", "yes")) {
            server.command("DEBUG", "POPULATE", "100000", "tmem:AAAAAAAAAAA{A}");
            try (RemoteBackend tier = Tiers.open(server)) {
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            }
            assertThat(keys(server)).as("the walk was not over").isPositive();
            assertThat(server.command("KEYS", "tmem:session:*")).isEmpty();
            assertThat(server.command("KEYS", "tmem:*{*}B")).isEmpty();
        }
    }

    @Test
    void onlyEphemeralCopiesAndTheLeaseEndByThemselves() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss", "ttl", "1h")) {
            Copies.put(tier, EPHEMERAL, 1);
            Copies.put(tier, PERSISTENT, 2);
            assertThat(Long.parseLong(server.command("PTTL", server.command("KEYS", "tmem:*{*}B"))))
                    .isBetween(3_500_000L, 3_600_000L);
            assertThat(server.command("PTTL", server.command("KEYS", "tmem:*{*}C")))
                    .isEqualTo("-1");
            assertThat(Long.parseLong(server.command("PTTL", server.command("KEYS", "tmem:session:*"))))
                    .isBetween(7_100_000L, 7_200_000L);
        }
    }

    /** The time to live is three seconds, and is over twice. */
    @Test
    void ephemeralCopiesStayWhileTheProgramLives() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server, "ttl", "3s")) {
            for (long copyId = 1; copyId <= 600; copyId++) {
                Copies.put(tier, EPHEMERAL, copyId);
            }
            long end = System.nanoTime() + 7_000_000_000L;
            Race.until(() -> Copies.get(tier, 1) < 0 || System.nanoTime() > end);
            for (long copyId = 1; copyId <= 600; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
        }
    }

    @Test
    void whatADeadProgramLeftIsClearedAwayAndNothingElse() {
        CopyKeys dead = CopyKeys.of(0x7d7b_7d7b_0000_00ffL);
        CopyKeys leased = CopyKeys.of(-1);
        try (RedisServer server = RedisServer.start();
                RemoteBackend living = Tiers.open(Pace.USUAL, server, "persistent", "accept-loss")) {
            Copies.put(living, PERSISTENT, 1);
            server.command("UNLINK", server.command("KEYS", "tmem:session:*")); // as an evicting server may do
            for (long copyId = 1; copyId <= 2000; copyId++) {
                server.command("SET", text(dead.key(copyId)), "left");
            }
            server.command("SET", text(leased.key(1)), "of a program that does not answer at the moment");
            server.command("SET", leased.connectionName(), "1");
            server.command("SET", "tmem:not-a-copy", "1");
            try (RemoteBackend next = Tiers.open(server)) {
                Race.until(() -> server.command("KEYS", text(dead.key(1)).substring(0, 16) + "*")
                        .isEmpty());
                assertThat(Copies.put(next, EPHEMERAL, 1)).isEqualTo(1);
                assertThat(Copies.get(living, 1)).isEqualTo(Copies.LENGTH);
                assertThat(Copies.get(next, 1)).isEqualTo(Copies.LENGTH);
            }
            assertThat(server.command("EXISTS", text(leased.key(1)), "tmem:not-a-copy"))
                    .isEqualTo("2");
        }
    }

    /** What went by a connection that broke may arrive later, although the put was repeated by another one. */
    @Test
    void aPutWhoseOwnConnectionBrokeIsFollowedByASearch() {
        try (RedisServer server = RedisServer.start();
                WireProxy proxy = WireProxy.to(server.port(), words -> List.of(text(words.getFirst())));
                RemoteBackend tier = Tiers.open(server, "uri", proxy.uri())) {
            Race.until(() -> proxy.connections() > 2);
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            String late = server.command("KEYS", "tmem:*{*}B").replaceFirst("B$", "Z");
            server.command("SET", late, "late");
            proxy.endAt("SET answer");
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
            Race.until(() -> server.command("EXISTS", late).equals("0"));
            assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            assertThat(Copies.get(tier, 2)).isEqualTo(Copies.LENGTH);
        }
    }

    private static String text(byte[] key) {
        return new String(key, java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void aTierThatLosesItsLeaseTakesItAgain() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server)) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            server.command("FLUSHALL");
            Race.until(() -> !server.command("KEYS", "tmem:session:*").isEmpty());
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
        }
    }
}
