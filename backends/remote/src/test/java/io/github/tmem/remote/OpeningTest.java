package io.github.tmem.remote;

import static io.github.tmem.api.PageKind.EPHEMERAL;
import static io.github.tmem.api.PageKind.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.kit.process.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One clear line for each server that cannot be used. */
@Timeout(300)
@ExtendWith(SkippedTestsFail.class)
class OpeningTest {
    private static final String SECRET = "swordfish";

    @TempDir
    private Path folder;

    private static void assertRefused(Map<String, String> settings, String... words) {
        assertThatThrownBy(
                        () -> new RemoteProvider().open(Tiers.config(settings)).close())
                .isInstanceOf(ConfigException.class)
                .message()
                .startsWith("tier remote: ")
                .contains(words)
                .doesNotContain("\n", SECRET, "Exception");
    }

    private static Map<String, String> at(String uri, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("uri", uri, "timeout", "1s"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @Test
    void nobodyThere() {
        int port = RedisServer.freePort();
        assertRefused(at("redis://127.0.0.1:" + port), "redis://127.0.0.1:" + port + " cannot be reached", "refused");
        assertRefused(at("redis://nobody.invalid"), "host");
    }

    @Test
    void aServerThatIsNotThereYetIsWaitedForIfTheSettingsSaySo() {
        try (RedisServer server = RedisServer.start()) {
            server.kill();
            try (RemoteBackend tier = Tiers.open(server, "reach", "later", "persistent", "accept-loss")) {
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(Outcome.NOT_SENT);
                assertThat(Copies.put(tier, PERSISTENT, 2)).isEqualTo(Outcome.DECLINED);
                assertThat(Copies.get(tier, 1)).isEqualTo(Outcome.UNAVAILABLE);
                server.restart();
                Race.until(() -> Copies.get(tier, 1) == Outcome.GONE);
                assertThat(Copies.put(tier, PERSISTENT, 3)).isEqualTo(3);
            }
        }
    }

    @Test
    void wrongSecrets() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        try (RedisServer server = RedisServer.start("--requirepass", SECRET)) {
            String host = "127.0.0.1:" + server.port();
            assertRefused(at(server.uri()), "wants a secret; allowed: secret-file");
            assertRefused(at("redis://:" + SECRET + "x@" + host), "does not take this secret");
            assertRefused(at("redis://somebody:" + SECRET + "@" + host, "reach", "later"), "user \"somebody\"");
            new RemoteProvider()
                    .open(Tiers.config(at(server.uri(), "secret-file", file.toString())))
                    .close();
            new RemoteProvider()
                    .open(Tiers.config(at("redis://default:" + SECRET + "@" + host)))
                    .close();
        }
        try (RedisServer open = RedisServer.start()) {
            assertRefused(at(open.uri(), "secret-file", file.toString()), "does not take this secret");
        }
    }

    @Test
    void tlsOnOneSideOnly() throws Exception {
        Certificate certificate = Certificate.make(folder, "server");
        try (RedisServer plain = RedisServer.start();
                RedisServer tls = RedisServer.start(
                        "--port",
                        "0",
                        "--tls-port",
                        "%port%",
                        "--tls-cert-file",
                        certificate.certificate().toString(),
                        "--tls-key-file",
                        certificate.key().toString(),
                        "--tls-ca-cert-file",
                        certificate.certificate().toString(),
                        "--tls-auth-clients",
                        "no")) {
            assertRefused(
                    at("rediss://127.0.0.1:" + plain.port()),
                    "does not answer; redis:// is right if it speaks without TLS");
            assertRefused(at(tls.uri()), "rediss:// is right if it speaks TLS");
            assertRefused(at("rediss://127.0.0.1:" + tls.port()), "certificate", "is not trusted", "trust-file");
            String trust = certificate.certificate().toString();
            try (RemoteBackend tier = Tiers.open(tls, "uri", "rediss://127.0.0.1:" + tls.port(), "trust-file", trust)) {
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
                assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            }
        }
    }

    @Test
    void aServerThatWantsAClientCertificate() throws Exception {
        Certificate server = Certificate.make(folder, "server");
        Certificate mine = Certificate.make(folder, "mine");
        String trust = server.certificate().toString();
        try (RedisServer tls = RedisServer.start(
                "--port",
                "0",
                "--tls-port",
                "%port%",
                "--tls-cert-file",
                trust,
                "--tls-key-file",
                server.key().toString(),
                "--tls-ca-cert-file",
                mine.certificate().toString(),
                "--tls-auth-clients",
                "yes")) {
            String uri = "rediss://127.0.0.1:" + tls.port();
            assertRefused(
                    at(uri, "trust-file", trust, "timeout", "3s"),
                    "wants another client certificate, or one at all",
                    "allowed: certificate-file and key-file");
            Map<String, String> known = at(
                    uri,
                    "trust-file",
                    trust,
                    "certificate-file",
                    mine.certificate().toString(),
                    "key-file",
                    mine.key().toString(),
                    "timeout",
                    "3s");
            try (Backend tier = new RemoteProvider().open(Tiers.config(known))) {
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
                assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            }
            known.put("certificate-file", trust);
            known.put("key-file", server.key().toString());
            assertRefused(known, "wants another client certificate");
        }
    }

    @Test
    void aPortWhereSomethingElseAnswers() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(web, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
            assertRefused(at("redis://127.0.0.1:" + web.getLocalPort()), "not in the Redis protocol");
        }
    }

    @Test
    void aPortWhereNobodyAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(at("redis://127.0.0.1:" + silent.getLocalPort()), "does not answer");
        }
    }

    @Test
    void aServerThatIsTooOld() throws IOException {
        try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String info = "redis_version:6.0.16\r\nrun_id:1\r\n";
            Thread.ofVirtual().start(() -> answer(old, "$" + info.length() + "\r\n" + info + "\r\n"));
            assertRefused(at("redis://127.0.0.1:" + old.getLocalPort()), "version 6.0.16", "allowed: 6.2 or newer");
        }
    }

    /** Answers every command of everybody the same, until the socket is closed. */
    private static void answer(ServerSocket server, String text) {
        byte[] bytes = new byte[1024];
        try {
            while (true) {
                Socket client = server.accept();
                int length = client.getInputStream().read(bytes);
                while (length > 0) {
                    String commands = new String(bytes, 0, length, StandardCharsets.US_ASCII);
                    for (int i = 0; i < Math.max(1, commands.split("\\*", -1).length - 1); i++) {
                        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    }
                    length = client.getInputStream().read(bytes);
                }
                client.close();
            }
        } catch (IOException closed) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void anEvictingServerTakesNoPersistentPages() {
        try (RedisServer server = RedisServer.start("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru")) {
            assertRefused(
                    at(server.uri(), "persistent", "accept-loss"),
                    "maxmemory-policy allkeys-lru",
                    "allowed with persistent pages: noeviction, volatile-");
            try (RemoteBackend tier = Tiers.open(server)) {
                assertThat(tier.capabilities().kinds()).isEqualTo(EnumSet.of(EPHEMERAL));
                assertThat(Copies.put(tier, EPHEMERAL, 1)).isEqualTo(1);
                assertThat(Copies.put(tier, PERSISTENT, 2)).isEqualTo(Outcome.DECLINED);
            }
        }
    }

    @Test
    void aServerThatBeginsToEvictTakesNoMorePersistentPages() {
        try (RedisServer server = RedisServer.start("--maxmemory", "64mb");
                Log log = new Log();
                RemoteBackend tier = Tiers.open(server, "persistent", "accept-loss")) {
            assertThat(Copies.put(tier, PERSISTENT, 1)).isEqualTo(1);
            server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            Race.until(() -> log.text().contains("takes no persistent pages"));
            assertThat(Copies.put(tier, PERSISTENT, 2)).isEqualTo(Outcome.DECLINED);
            assertThat(Copies.put(tier, EPHEMERAL, 3)).isEqualTo(3);
            assertThat(Copies.get(tier, 1)).isEqualTo(Copies.LENGTH);
            server.command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
            Race.until(() -> log.text().contains("takes persistent pages again"));
            assertThat(Copies.put(tier, PERSISTENT, 4)).isEqualTo(4);
            assertThat(log.text().lines().filter(line -> line.contains("takes no persistent")))
                    .hasSize(1);
        }
    }
}
