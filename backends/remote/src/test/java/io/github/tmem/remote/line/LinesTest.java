package io.github.tmem.remote.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(SkippedTestsFail.class)
class LinesTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "lines-of-a-test";

    private static Dialing dialing(RedisServer server, Duration timeout, String... auth) {
        List<List<String>> introduction = new ArrayList<>();
        if (auth.length > 0) {
            introduction.add(List.of(auth));
        }
        introduction.add(List.of("CLIENT", "SETNAME", NAME));
        return new Dialing("127.0.0.1", server.port(), timeout, introduction);
    }

    /** Lines that are tended whenever they are told to be. */
    private static Lines lines(Dialing dialing) {
        return new Lines(dialing, Duration.ZERO);
    }

    private static Lines lines(RedisServer server) {
        return lines(dialing(server, Duration.ofSeconds(10)));
    }

    private static List<String> connections(RedisServer server) {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains(" name=" + NAME + " "))
                .toList();
    }

    private static void assertBroken(@Nullable CompletableFuture<String> answer) {
        assertThat(answer).isNotNull();
        assertThat(answer.exceptionNow()).isInstanceOf(LineBroken.class);
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
                assertBroken(lines.ask(Line::ping));
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
                Lines lines = lines(dialing(server, Duration.ofMillis(50)))) {
            lines.tend();
            server.process().freeze();
            CompletableFuture<byte[]> answer = lines.ask(line -> line.get(KEY, 10));
            server.process().thaw();
            assertThat(answer).isNotNull();
            assertThat(answer.exceptionNow()).isInstanceOf(TimeoutException.class);
            Race.until(() -> connections(server).size() == lines.wanted() - 1);
        }
    }

    /** Who tends them must not be held up for as many answers as there are lines. */
    @Test
    void oneIdleLineWithoutAnAnswerIsEnough() {
        try (RedisServer server = RedisServer.start();
                Lines lines = lines(dialing(server, Duration.ofMillis(50)))) {
            lines.tend();
            server.process().freeze();
            lines.tend();
            server.process().thaw();
            Race.until(() -> connections(server).size() == lines.wanted() - 1);
            lines.tend();
            assertThat(connections(server)).hasSize(lines.wanted());
        }
    }

    @Test
    void anEndIsHeardByWhoWaits() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Lines lines = lines(dialing(server, Duration.ofMinutes(10)));
            lines.tend();
            server.process().freeze();
            CountDownLatch asking = new CountDownLatch(1);
            CompletableFuture<@Nullable CompletableFuture<String>> waiting = new CompletableFuture<>();
            Thread.ofPlatform()
                    .start(() -> waiting.complete(lines.ask(line -> {
                        asking.countDown();
                        return line.ping();
                    })));
            asking.await();
            lines.close();
            assertBroken(waiting.get(60, TimeUnit.SECONDS));
            server.process().thaw();
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
            assertBroken(cut);
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
            for (String[] right : new String[][] {{"AUTH", "app", "hush"}, {"AUTH", "other"}}) {
                try (Lines lines = lines(dialing(server, Duration.ofSeconds(10), right))) {
                    lines.tend();
                    assertThat(ping(lines)).as(String.join(" ", right)).isEqualTo("PONG");
                }
            }
            try (Lines lines = lines(dialing(server, Duration.ofSeconds(10), "AUTH", "app", "wrong"))) {
                lines.tend();
                assertThat(ping(lines)).isNull();
            }
        }
    }
}
