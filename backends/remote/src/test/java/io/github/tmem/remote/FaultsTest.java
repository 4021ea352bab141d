package io.github.tmem.remote;

import static io.github.tmem.api.PageKind.EPHEMERAL;
import static io.github.tmem.api.PageKind.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

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

/** What a tier says while its server is full, frozen, killed or started anew. */
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class FaultsTest {
    private static final int REFUSED_IN_A_ROW = 50;

    @Test
    void aFullServerRefusesAndKeepsWhatItHas() {
        try (RedisServer server = RedisServer.start("--maxmemory", "4mb", "--maxmemory-policy", "noeviction");
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss")) {
            List<Long> stored = new ArrayList<>();
            List<Long> refused = new ArrayList<>();
            int inARow = 0; // a full server may find room again, in buffers of connections that are idle
            for (long copyId = 1; inARow < REFUSED_IN_A_ROW; copyId++) {
                assertThat(copyId).as("it fills up").isLessThan(2000);
                long result = Copies.put(tier, copyId % 4 == 0 ? EPHEMERAL : PERSISTENT, copyId);
                assertThat(result).isIn(copyId, (long) Outcome.FULL);
                inARow = result == copyId ? 0 : inARow + 1;
                (result == copyId ? stored : refused).add(copyId);
            }
            assertThat(stored).hasSizeGreaterThan(200);
            assertThat(stored).allMatch(copyId -> Copies.get(tier, copyId) == Copies.LENGTH);
            assertThat(refused).allMatch(copyId -> Copies.get(tier, copyId) == Outcome.GONE);
            assertThat(tier.usage().copies()).isEqualTo(stored.size());
            stored.stream()
                    .limit(100)
                    .forEach(copyId -> assertThat(tier.flush(copyId)).isEqualTo(Outcome.DONE));
            assertThat(Copies.put(tier, PERSISTENT, 2000)).isEqualTo(2000);
        }
    }

    /** One server holds both kinds: the ephemeral ones go first, and nothing that has no time to live goes at all. */
    @Test
    void aFullServerWithAVolatilePolicyGivesUpEphemeralCopiesOnly() {
        try (RedisServer server = RedisServer.start("--maxmemory", "4mb", "--maxmemory-policy", "volatile-lru");
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss")) {
            for (long copyId = 1; copyId <= 150; copyId++) {
                assertThat(Copies.put(tier, EPHEMERAL, copyId)).isEqualTo(copyId);
            }
            long persistent = 1000;
            while (Copies.put(tier, PERSISTENT, persistent) > 0) {
                persistent++;
            }
            assertThat(persistent).isGreaterThan(1400);
            for (long copyId = 1000; copyId < persistent; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            for (long copyId = 1; copyId <= 150; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Outcome.GONE);
            }
        }
    }

    @Test
    void aServerThatWasStartedAnewHasNothingAndSaysSo() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss", "timeout", "500ms");
                Log log = new Log()) {
            assertThat(Copies.put(tier, PERSISTENT, 1)).isEqualTo(1);
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
            server.kill();
            Race.until(() -> Copies.get(tier, 1) == Outcome.UNAVAILABLE);
            assertThat(Copies.put(tier, PERSISTENT, 3)).isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            assertThat(tier.flush(2)).isEqualTo(Outcome.UNAVAILABLE);
            server.restart();
            Race.until(() -> Copies.get(tier, 1) == Outcome.GONE);
            assertThat(log.text()).contains("was started anew; up to 2 copies may be lost");
            Race.until(() -> log.text().contains("has lost 2 copies of 2"));
            assertThat(Copies.get(tier, 3)).isEqualTo(Outcome.GONE);
            assertThat(tier.flush(1)).isEqualTo(Outcome.DONE);
            assertThat(tier.flush(2)).isEqualTo(Outcome.DONE);
            assertThat(tier.flush(3)).isEqualTo(Outcome.DONE);
            assertThat(tier.usedBytes()).isZero();
            assertThat(Copies.put(tier, PERSISTENT, 4)).isEqualTo(4);
        }
    }

    /** A server that comes back with what it had has only copies under names that are still theirs. */
    @Test
    void aServerThatComesBackWithItsCopiesGivesThemAndWhatWasFlushedMeanwhileGoes() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss", "timeout", "500ms")) {
            assertThat(Copies.put(tier, PERSISTENT, 1)).isEqualTo(1);
            assertThat(Copies.put(tier, PERSISTENT, 2)).isEqualTo(2);
            server.kill();
            Race.until(() -> tier.flush(1) == Outcome.UNAVAILABLE);
            server.restart();
            Race.until(() -> Copies.get(tier, 2) == Copies.LENGTH);
            assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            assertThat(tier.flush(1)).isEqualTo(Outcome.DONE);
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.GONE);
        }
    }

    /** A put that was given up arrives when the server goes on: nobody asks for it, and it is cleared away. */
    @Test
    void aFrozenServerCostsATimeOutAndItsGhostsAreClearedAway() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server, "timeout", "50ms")) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isIn(1L, (long) Outcome.UNAVAILABLE);
            server.process().freeze();
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.UNAVAILABLE);
            CompletableFuture<Long> asynchronous = Copies.putAsync(tier, EPHEMERAL, 2);
            assertThat(Copies.put(tier, EPHEMERAL, 3)).isEqualTo(Outcome.UNAVAILABLE);
            assertThat(asynchronous.join()).isEqualTo(Outcome.UNAVAILABLE);
            for (long copyId = 4; copyId < 100_000; copyId++) {
                assertThat(Copies.put(tier, EPHEMERAL, copyId))
                        .isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT); // without waiting
            }
            assertThat(Copies.put(tier, EPHEMERAL, 100_000)).isEqualTo(Outcome.NOT_SENT);
            assertThat(tier.usedBytes()).as("what was sent").isLessThan(20 * Copies.LENGTH);
            server.process().thaw();
            for (long copyId = 1; copyId < 20; copyId++) {
                long owed = copyId;
                Race.until(() -> tier.flush(owed) == Outcome.DONE);
            }
            Race.until(() -> server.command("KEYS", "tmem:*{*").isEmpty());
            assertThat(tier.usedBytes()).isZero();
        }
    }

    @Test
    void aCopyThatArrivesAfterItsFlushIsClearedAway() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server)) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
            String one = server.command("KEYS", "tmem:*{*}B");
            String two = server.command("KEYS", "tmem:*{*}C");
            assertThat(tier.flush(1)).isEqualTo(Outcome.DONE);
            server.command("COPY", two, one);
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            Race.until(() -> server.command("EXISTS", one).equals("0"));
            Race.until(() -> Copies.get(tier, 2) == Copies.LENGTH);
        }
    }

    @Test
    void aLateAnswerTouchesNoMemory() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server, "timeout", "1s")) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            server.process().freeze();
            byte[] page = new byte[Copies.LENGTH];
            CompletableFuture<Long> result = new CompletableFuture<>();
            tier.getAsync(1, java.lang.foreign.MemorySegment.ofArray(page), Copies.LENGTH, result::complete);
            assertThat(result.join()).isEqualTo(Outcome.UNAVAILABLE);
            server.process().thaw();
            Race.until(() -> Copies.get(tier, 1) == Copies.LENGTH);
            assertThat(page).isEqualTo(new byte[Copies.LENGTH]);
        }
    }

    @Test
    void aValueThatIsNotTheCopysIsDamaged() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server)) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
            String one = server.command("KEYS", "tmem:*{*}B");
            String two = server.command("KEYS", "tmem:*{*}C");
            server.command("COPY", one, two, "REPLACE");
            assertThat(Copies.get(tier, 2)).isEqualTo(Outcome.CORRUPT); // another copy's
            server.command("SETRANGE", one, "100", "damage");
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.CORRUPT);
            server.command("SET", one, "");
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.CORRUPT);
            server.command("UNLINK", one);
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.GONE);
        }
    }

    private static List<String> connections(RedisServer server) {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains(" name=tmem:session:"))
                .toList();
    }

    /** Calls that wait do not go over the connection that all share, until their own are lost. */
    @Test
    void callersThatWaitHaveConnectionsOfTheirOwnWhileThereAreAny() {
        try (RedisServer server = RedisServer.start();
                RemoteBackend tier = Tiers.open(server)) {
            Race.until(() -> connections(server).size() > 2
                    && !connections(server).getFirst().contains("cmd=set")); // of the session
            for (long copyId = 1; copyId <= 20; copyId++) {
                assertThat(Copies.put(tier, EPHEMERAL, copyId)).isEqualTo(copyId);
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            assertThat(connections(server).getFirst()).as("shared").doesNotContain("cmd=get", "cmd=set");
            assertThat(connections(server).getLast()).containsAnyOf("cmd=get", "cmd=set");
            for (String line :
                    connections(server).subList(1, connections(server).size())) {
                server.command("CLIENT", "KILL", "ID", line.substring("id=".length(), line.indexOf(' ')));
            }
            for (long copyId = 1; copyId <= 20; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(tier.flush(copyId)).isEqualTo(Outcome.DONE);
                assertThat(Copies.put(tier, EPHEMERAL, 100 + copyId)).isEqualTo(100 + copyId);
            }
        }
    }
}
