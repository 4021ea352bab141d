package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.RedisServer;
import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tmem demo --redis} with a real server. */
@ExtendWith(SkippedTestsFail.class)
@Timeout(600)
class DemoOnRedisTest {
    private static final int PAGES_BYTES = 48 << 20;
    private static final long POLL_NANOS = 1_000_000;

    @TempDir
    Path folder;

    private Path pages = Path.of("written before each test");

    @BeforeEach
    void writePages() throws IOException {
        try (InputStream classes = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            pages = Files.write(folder.resolve("jdk.pages"), classes.readNBytes(PAGES_BYTES));
        }
    }

    private Shell demo(String... options) {
        List<String> arguments = new ArrayList<>(List.of("demo", "--pages", pages.toString()));
        arguments.addAll(List.of("--json", json().toString()));
        arguments.addAll(List.of(options));
        return Shell.run(Installation.onClassPath(), arguments.toArray(String[]::new));
    }

    private Path json() {
        return folder.resolve("figures.json");
    }

    private JsonNode figures() {
        return JsonMapper.shared().readTree(json());
    }

    @Test
    void manyPagesGoToTheServerAndAllAreVerified() throws IOException {
        Path secret = Files.writeString(folder.resolve("redis.secret"), "open sesame\n");
        try (RedisServer server = RedisServer.start("--requirepass", "open sesame")) {
            Shell shell = demo("--redis", server.uri(), "--secret-file", secret.toString());
            assertThat(shell.err()).isEmpty();
            assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(shell.out())
                    .startsWith("tier remote is configured persistent: accept-loss: ")
                    .contains("chain heap 4MiB > offheap 8MiB > remote 64MiB; ", ", 0 wrong");
        }
        assertThat(figures().at("/tiers/2/pages").asLong()).isGreaterThan(1000);
        assertThat(figures().at("/tiers/2/hits").asLong()).isPositive();
        assertThat(figures().at("/verdict/losses/lost").asLong()).isZero();
    }

    /** The server is killed while it holds pages and started anew, empty: what it had is lost and stays lost. */
    @Test
    void whatAServerLosesIsCountedAndNoBrokenLaw() throws Exception {
        try (RedisServer server = RedisServer.start();
                ExecutorService background = Executors.newSingleThreadExecutor()) {
            Future<Shell> demo = background.submit(() -> demo("--redis", server.uri()));
            Race.until(() -> {
                LockSupport.parkNanos(POLL_NANOS); // the demo is to have this processor
                return demo.isDone() || StoredCopies.hasPersistent(server.port());
            });
            server.kill();
            server.restart();
            Shell shell = demo.get();
            assertThat(shell.err()).isEmpty();
            assertThat(shell.out()).doesNotContain("LAW BROKEN").contains(", 0 wrong");
            assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        }
        JsonNode losses = figures().at("/verdict/losses");
        assertThat(losses.at("/lost").asLong()).isPositive();
        assertThat(losses.at("/lostGets").asLong())
                .isGreaterThan(losses.at("/lost").asLong());
    }

    @Test
    void aServerThatCannotBeUsedIsOneLine() {
        assertMistake("nonsense", "uri \"nonsense\" is not the address of a server; allowed: ");
        String nobody = "redis://127.0.0.1:" + RedisServer.freePort();
        assertMistake(nobody, nobody + " cannot be reached (connection refused)");
        try (RedisServer evicting = RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
            assertMistake(evicting.uri(), "may delete persistent pages when its memory is full");
        }
        try (RedisServer secretive = RedisServer.start("--requirepass", "open sesame")) {
            assertMistake(secretive.uri(), "wants a secret");
            assertMistake("redis://:wrong@127.0.0.1:" + secretive.port(), "does not take this secret");
        }
    }

    private void assertMistake(String uri, String message) {
        Shell shell = demo("--redis", uri);
        assertThat(shell.err())
                .startsWith("tmem: tier remote: ")
                .contains(message)
                .hasLineCount(1);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }
}
