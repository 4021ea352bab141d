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
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A tier of several servers, one of which fails. */
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class PeersTest {
    private final List<RedisServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(RedisServer::close);
    }

    private RedisServer start(String... options) {
        RedisServer server = RedisServer.start(options);
        servers.add(server);
        return server;
    }

    private PeersBackend open(String replicas, String... more) {
        List<String> settings = new ArrayList<>(List.of("persistent", "accept-loss", "replicas", replicas));
        settings.addAll(List.of(more));
        return Tiers.openAll(servers, settings.toArray(String[]::new));
    }

    /** How many copies there are in a server. */
    private static long copies(RedisServer server) {
        return server.command("KEYS", "tmem:*{*")
                .lines()
                .filter(key -> !key.isEmpty())
                .count();
    }

    private static int getAsync(PeersBackend tier, long copyId) {
        byte[] page = new byte[Copies.LENGTH];
        CompletableFuture<Long> result = new CompletableFuture<>();
        tier.getAsync(copyId, MemorySegment.ofArray(page), Copies.LENGTH, result::complete);
        int length = result.join().intValue();
        assertThat(page).isEqualTo(length == Copies.LENGTH ? Copies.bytes(copyId) : new byte[Copies.LENGTH]);
        return length;
    }

    /** Puts persistent copies until so many have been stored, whatever the timeout; returns their ids. */
    private static List<Long> putPatiently(PeersBackend tier, int count) {
        List<Long> stored = new ArrayList<>();
        for (long copyId = 1; stored.size() < count; copyId++) {
            long id = copyId;
            if (Copies.put(tier, PERSISTENT, id) == id) {
                stored.add(id);
            } else {
                Race.until(() -> tier.flush(id) == Outcome.DONE);
            }
        }
        return stored;
    }

    @Test
    void everyPersistentCopyIsInAsManyServersAsAskedForAndAnEphemeralOneInOne() {
        RedisServer a = start();
        RedisServer b = start();
        RedisServer c = start();
        try (PeersBackend tier = open("2")) {
            for (long copyId = 1; copyId <= 300; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            for (RedisServer server : servers) {
                assertThat(copies(server)).isEqualTo(200);
            }
            for (long copyId = 301; copyId <= 600; copyId++) {
                assertThat(Copies.putAsync(tier, EPHEMERAL, copyId).join()).isEqualTo(copyId);
            }
            assertThat(List.of(copies(a), copies(b), copies(c))).containsOnly(300L);
            assertThat(tier.usage().copies()).isEqualTo(600);
            assertThat(tier.usage().encodedBytes()).isEqualTo(600L * Copies.LENGTH);
            assertThat(tier.usedBytes()).as("as the chain counts").isEqualTo(600L * Copies.LENGTH);
            for (long copyId = 1; copyId <= 600; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                if (copyId % 2 == 0) {
                    assertThat(tier.flush(copyId)).isEqualTo(Outcome.DONE);
                    assertThat(getAsync(tier, copyId)).isEqualTo(Outcome.GONE);
                }
            }
            long[] others = LongStream.range(0, 300).map(i -> 2 * i + 1).toArray();
            int[] outcomes = new int[others.length];
            tier.flushAll(others, others.length, outcomes);
            assertThat(outcomes).containsOnly(Outcome.DONE);
            assertThat(List.of(copies(a), copies(b), copies(c))).containsOnly(0L);
            assertThat(tier.usedBytes()).isZero();
        }
    }

    @Test
    void S46_whenOneOfTwoIsKilledEveryPersistentCopyStillAnswers() {
        start();
        RedisServer dying = start();
        try (PeersBackend tier = open("2", "timeout", "2s")) {
            for (long copyId = 1; copyId <= 200; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            dying.kill();
            for (long copyId = 1; copyId <= 200; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(getAsync(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            assertThat(Copies.put(tier, PERSISTENT, 201)).isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            assertThat(Copies.putAsync(tier, PERSISTENT, 202).join())
                    .isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            assertThat(tier.flush(201)).isEqualTo(Outcome.DONE);
            assertThat(tier.flush(202)).isEqualTo(Outcome.DONE);
            assertThat(copies(servers.getFirst()))
                    .as("what was refused is nowhere")
                    .isEqualTo(200);
            for (long copyId = 301; copyId <= 400; copyId++) {
                assertThat(Copies.put(tier, EPHEMERAL, copyId)).isEqualTo(copyId);
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(tier.flush(copyId - 300)).isEqualTo(Outcome.DONE);
                assertThat(Copies.get(tier, copyId - 300)).isEqualTo(Outcome.GONE);
            }
            dying.restart(); // empty: what it had is in the other only
            Race.until(
                    () -> Copies.putAsync(tier, PERSISTENT, System.nanoTime()).join() > 0);
            for (long copyId = 101; copyId <= 200; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(getAsync(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            servers.getFirst().kill();
            Race.until(() -> Copies.get(tier, 101) == Outcome.UNAVAILABLE); // not gone: the other one may have it
            assertThat(getAsync(tier, 102)).isEqualTo(Outcome.UNAVAILABLE);
        }
    }

    @Test
    void S46_whenOneOfTwoIsFrozenEveryPersistentCopyStillAnswers() {
        RedisServer frozen = start();
        RedisServer other = start();
        try (PeersBackend tier = open("2", "timeout", "100ms")) {
            List<Long> stored = putPatiently(tier, 100);
            frozen.process().freeze();
            for (long copyId : stored) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(getAsync(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            assertThat(Copies.put(tier, PERSISTENT, 1_000_000))
                    .isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            Race.until(() -> tier.flush(1_000_000) == Outcome.DONE);
            for (long copyId : stored.subList(0, 50)) {
                Race.until(() -> tier.flush(copyId) == Outcome.DONE);
            }
            assertThat(copies(other)).isEqualTo(50);
            assertThat(tier.usage().copies()).isEqualTo(50);
            frozen.process().thaw();
            Race.until(() -> copies(frozen) == 50);
            assertThat(copies(other)).isEqualTo(50);
            Race.until(
                    () -> Copies.putAsync(tier, PERSISTENT, System.nanoTime()).join() > 0);
        }
    }

    /** One has no room: the put is refused, and the other has nothing of it. */
    @Test
    void aPutThatOneOfTwoRefusesLeavesNothingInTheOther() {
        RedisServer full = start("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
        RedisServer other = start();
        try (PeersBackend tier = open("2")) {
            long last = 0;
            long result = 1;
            while (result > 0) {
                last++;
                assertThat(last).isLessThan(2000);
                result = Copies.put(tier, PERSISTENT, last);
            }
            assertThat(result).isEqualTo(Outcome.FULL);
            assertThat(Copies.putAsync(tier, PERSISTENT, last + 1).join()).isEqualTo(Outcome.FULL);
            assertThat(copies(other)).isEqualTo(last - 1).isEqualTo(copies(full));
            assertThat(tier.usedBytes()).isEqualTo((last - 1) * Copies.LENGTH);
            for (long copyId = last + 2; copyId < last + 12; copyId++) {
                assertThat(Copies.put(tier, EPHEMERAL, copyId)).isEqualTo(copyId);
            }
            // each in the one that has room; a full server may find some again in buffers of its connections
            assertThat(copies(other) + copies(full)).isEqualTo(2 * (last - 1) + 10);
        }
    }

    /** The answer of one is lost: the put is refused, and when the frees are paid nothing is anywhere. */
    @Test
    void aPutThatOneOfTwoDoesNotAnswerLeavesNothing() {
        RedisServer frozen = start();
        RedisServer other = start();
        try (PeersBackend tier = open("2", "timeout", "100ms")) {
            putPatiently(tier, 3);
            frozen.process().freeze();
            assertThat(Copies.put(tier, PERSISTENT, 1001)).isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            assertThat(Copies.putAsync(tier, PERSISTENT, 1002).join())
                    .isIn((long) Outcome.UNAVAILABLE, (long) Outcome.NOT_SENT);
            Race.until(() -> tier.flush(1001) == Outcome.DONE && tier.flush(1002) == Outcome.DONE);
            assertThat(copies(other)).isEqualTo(3);
            frozen.process().thaw();
            Race.until(() -> copies(frozen) == 3);
            assertThat(Copies.get(tier, 1001)).isEqualTo(Outcome.GONE);
        }
    }

    /** What was flushed while a server was away is gone before that server is used again. */
    @Test
    void whatIsFlushedWhileAServerIsAwayIsDeletedBeforeItIsUsedAgain() {
        start();
        RedisServer away = start("--appendonly", "yes", "--appendfsync", "always");
        try (PeersBackend tier = open("2", "timeout", "2s")) {
            for (long copyId = 1; copyId <= 20; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            away.kill();
            Race.until(() -> Copies.put(tier, PERSISTENT, 100) < 0);
            for (long copyId = 1; copyId <= 19; copyId++) {
                long id = copyId;
                Race.until(() -> tier.flush(id) == Outcome.DONE);
            }
            assertThat(tier.flush(100)).isEqualTo(Outcome.DONE);
            assertThat(tier.usedBytes()).isEqualTo(Copies.LENGTH);
            away.restart(); // with all it had
            Race.until(() -> Copies.put(tier, PERSISTENT, System.nanoTime()) > 0);
            assertThat(copies(away)).isEqualTo(2);
            assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.GONE);
            assertThat(Copies.get(tier, 20)).isEqualTo(Copies.LENGTH);
        }
    }

    @Test
    void aDamagedCopyIsNotTheEnd() {
        RedisServer a = start();
        RedisServer b = start();
        try (PeersBackend tier = open("2")) {
            for (long copyId = 1; copyId <= 2; copyId++) { // each server is asked first for one of them
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            for (String key : a.command("KEYS", "tmem:*{*").lines().toList()) {
                a.command("SETRANGE", key, "100", "damage");
            }
            for (long copyId = 1; copyId <= 2; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Copies.LENGTH);
                assertThat(getAsync(tier, copyId)).isEqualTo(Copies.LENGTH);
            }
            b.command("FLUSHALL");
            for (long copyId = 1; copyId <= 2; copyId++) {
                assertThat(Copies.get(tier, copyId)).isEqualTo(Outcome.CORRUPT);
            }
            a.command("FLUSHALL");
            assertThat(getAsync(tier, 1)).isEqualTo(Outcome.GONE);
        }
    }

    @Test
    void withAServerToSpareAPutGoesAroundTheDeadOne() {
        RedisServer a = start();
        RedisServer b = start();
        RedisServer dead = start();
        try (PeersBackend tier = open("2", "timeout", "2s")) {
            dead.kill();
            Race.until(() ->
                    tier.put(System.nanoTime() / 3 * 3 + 2, PERSISTENT, 0, MemorySegment.ofArray(new byte[8]), 8) > 0);
            long before = copies(a);
            for (long copyId = 1; copyId <= 30; copyId++) {
                assertThat(Copies.put(tier, PERSISTENT, copyId)).isEqualTo(copyId);
            }
            assertThat(copies(a)).isEqualTo(before + 30).isEqualTo(copies(b));
        }
    }

    @Test
    void theLineOfAServerThatCannotBeUsedNamesIt() {
        RedisServer open = start();
        RedisServer locked = start("--requirepass", "swordfish");
        assertThatThrownBy(() -> open("2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("redis://127.0.0.1:" + locked.port() + " wants a secret")
                .message()
                .doesNotContain(Integer.toString(open.port()), "\n");
        locked.kill();
        assertThatThrownBy(() -> open("2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("redis://127.0.0.1:" + locked.port() + " cannot be reached");
        try (PeersBackend tier = open("2", "reach", "later")) {
            assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
            assertThat(Copies.put(tier, EPHEMERAL, 2)).isEqualTo(2);
            assertThat(Copies.put(tier, PERSISTENT, 3)).isNegative();
        }
        assertThat(open.command("DBSIZE")).isEqualTo("0");
    }
}
