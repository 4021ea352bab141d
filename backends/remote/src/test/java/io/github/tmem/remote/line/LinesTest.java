package io.github.tmem.remote.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.kit.process.RedisServer;
import io.github.tmem.remote.server.Access;
import io.github.tmem.remote.server.ClientCertificate;
import io.github.tmem.remote.server.ServerAddress;
import io.lettuce.core.RedisCommandExecutionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@ExtendWith(SkippedTestsFail.class)
class LinesTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "lines-of-a-test";

    @TempDir
    Path folder;

    private static Access access(String uri, Duration timeout) {
        return new Access(ServerAddress.parse(uri), null, null, timeout, 0);
    }

    /** Lines that are tended whenever they are told to be. */
    private static Lines lines(Access access) {
        return new Lines(access, NAME, Duration.ZERO);
    }

    private static Lines lines(RedisServer server) {
        return lines(access(server.uri(), Duration.ofSeconds(10)));
    }

    private static List<String> connections(RedisServer server) {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains(" name=" + NAME + " "))
                .toList();
    }

    private static @Nullable String ping(Lines lines) {
        CompletableFuture<String> pong = lines.ask(Line::ping);
        return pong == null ? null : pong.join();
    }

    @Test
    void thereIsNoneBeforeItWasMadeAndNoMoreThanWanted() {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(server)) {
            assertThat(ping(lines)).isNull();
            lines.tend();
            lines.tend();
            assertThat(connections(server)).hasSize(lines.wanted());
            assertThat(ping(lines)).isEqualTo("PONG");
            assertThat(depth(lines, 0)).as("calls at once").isEqualTo(lines.wanted());
            assertThat(depth(lines, 0)).as("calls at once, later").isEqualTo(lines.wanted());
        }
    }

    /** How many calls inside each other find a line. */
    private static int depth(Lines lines, int found) {
        CompletableFuture<Integer> deeper = lines.ask(line -> depth(lines, found + 1));
        return deeper == null ? found : deeper.join();
    }

    @Test
    void aLineThatBreaksSaysNothingAndIsReplaced() {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(server)) {
            lines.tend();
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            for (int i = 0; i < lines.wanted(); i++) {
                assertThat(ping(lines)).isNull();
            }
            assertThat(connections(server)).isEmpty();
            lines.tend();
            assertThat(ping(lines)).isEqualTo("PONG");
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            lines.tend(); // finds out by itself
            assertThat(connections(server)).hasSize(lines.wanted());
        }
    }

    @Test
    void anErrorIsAnAnswerAndTheLineStays() {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(server)) {
            lines.tend();
            for (int i = 0; i < 3 * lines.wanted(); i++) {
                CompletableFuture<String> answer = lines.ask(line -> {
                    line.tell("NOSUCH");
                    return "done";
                });
                assertThat(answer).isNotNull();
                assertThat(answer.exceptionNow())
                        .isInstanceOf(RedisCommandExecutionException.class)
                        .hasMessageContaining("unknown command");
            }
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsATimeout() {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(access(server.uri(), Duration.ofMillis(50)))) {
            lines.tend();
            server.process().freeze();
            CompletableFuture<byte[]> answer = lines.ask(line -> line.get(KEY, 10));
            server.process().thaw();
            assertThat(answer).isNotNull();
            assertThat(answer.exceptionNow()).isInstanceOf(TimeoutException.class);
            Race.until(() -> connections(server).size() == lines.wanted() - 1);
        }
    }

    /** An interrupt would break the line of a virtual thread. */
    @Test
    void virtualThreadsGoTheOtherWay() throws InterruptedException {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(server)) {
            lines.tend();
            AtomicReference<String> pong = new AtomicReference<>();
            Thread.ofVirtual()
                    .start(() -> pong.set(String.valueOf(ping(lines))))
                    .join();
            assertThat(pong).hasValue("null");
            Thread.currentThread().interrupt();
            assertThat(ping(lines)).isEqualTo("PONG");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void afterTheEndThereIsNone() {
        try (RedisServer server = RedisServer.start()) {
            Lines lines = lines(server);
            lines.tend();
            CompletableFuture<String> cut = lines.ask(line -> {
                lines.close();
                return line.ping();
            });
            assertThat(cut).isNull();
            assertThat(ping(lines)).isNull();
            lines.tend();
            Race.until(() -> connections(server).isEmpty());
        }
    }

    @Test
    void aLineThatAnswersAtTheEndIsNotUsedAgain() {
        try (RedisServer server = RedisServer.start()) {
            Lines lines = lines(server);
            lines.tend();
            CompletableFuture<String> last = lines.ask(line -> {
                String pong = line.ping();
                lines.close();
                return pong;
            });
            assertThat(last).isCompletedWithValue("PONG");
            assertThat(depth(lines, 0)).as("lines found").isZero();
        }
    }

    @Test
    void theSecretIsShown() {
        try (RedisServer server =
                RedisServer.start("--user", "app", "on", ">hush", "~*", "+@all", "--requirepass", "other")) {
            String at = server.uri().substring("redis://".length());
            for (String who : List.of("app:hush@", ":other@")) {
                try (Lines lines = lines(access("redis://" + who + at, Duration.ofSeconds(10)))) {
                    lines.tend();
                    assertThat(ping(lines)).as(who).isEqualTo("PONG");
                }
            }
            try (Lines lines = lines(access("redis://app:wrong@" + at, Duration.ofSeconds(10)))) {
                lines.tend();
                assertThat(ping(lines)).isNull();
            }
        }
    }

    @Test
    void certificatesAreCheckedOnBothSides() {
        Certificate theirs = Certificate.make(folder, "theirs");
        Certificate mine = Certificate.make(folder, "mine");
        List<String> options =
                new ArrayList<>(List.of("--port", "0", "--tls-port", "%port%", "--tls-auth-clients", "yes"));
        options.addAll(List.of("--tls-cert-file", theirs.certificate().toString()));
        options.addAll(List.of("--tls-key-file", theirs.key().toString()));
        options.addAll(List.of("--tls-ca-cert-file", mine.certificate().toString()));
        try (RedisServer server = RedisServer.start(options.toArray(String[]::new))) {
            ServerAddress address = ServerAddress.parse("rediss://127.0.0.1:" + server.port());
            ClientCertificate shown = new ClientCertificate(mine.certificate(), mine.key());
            Duration timeout = Duration.ofSeconds(10);
            assertThat(answers(new Access(address, theirs.certificate(), shown, timeout, 0)))
                    .isTrue();
            assertThat(answers(new Access(address, mine.certificate(), shown, timeout, 0)))
                    .isFalse();
            assertThat(answers(new Access(address, theirs.certificate(), null, timeout, 0)))
                    .isFalse();
            assertThat(answers(new Access(address, null, shown, timeout, 0))).isFalse();
        }
    }

    private static boolean answers(Access access) {
        try (Lines lines = lines(access)) {
            lines.tend();
            return ping(lines) != null;
        }
    }
}
