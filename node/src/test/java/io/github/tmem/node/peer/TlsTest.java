package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.kit.process.Certificate;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.config.PeerTls;
import io.github.tmem.node.config.PeerTls.ClientCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port in TLS. */
class TlsTest {
    @TempDir
    static Path folder;

    private static Certificate server;
    private static Certificate friend;
    private static Certificate enemy;

    @BeforeAll
    static void certify() throws Exception {
        server = Certificate.make(folder, "server");
        friend = Certificate.make(folder, "friend");
        enemy = Certificate.make(folder, "enemy");
    }

    private static RunningNode node(@Nullable Path trust, ClientCertificates clients) {
        return new RunningNode(
                List.of(RunningNode.ANN),
                PeerTls.of(server.certificate(), server.key(), trust, clients),
                PeerLimits.DEFAULT.withOutput(64 << 10));
    }

    private static Wire connect(RunningNode node, SSLContext context) throws IOException {
        return connect(node, context, "TLSv1.3");
    }

    private static Wire connect(RunningNode node, SSLContext context, String version) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(node.address().getAddress(), node.address().getPort());
        socket.setEnabledProtocols(new String[] {version});
        return new Wire(socket);
    }

    @Test
    void everythingIsServedInTls() throws Exception {
        try (RunningNode node = node(null, ClientCertificates.NONE);
                Wire wire = connect(node, friend.trusting(server))) {
            assertThat(wire.ask("PING")).startsWith("-NOAUTH ");
            assertThat(wire.ask("AUTH", "ann", "secret of ann")).isEqualTo("+OK\r\n");
            String value = "0123456789".repeat(100_000);
            assertThat(wire.ask("SET", "k", value)).isEqualTo("+OK\r\n");
            wire.send(Talk.request("GET", "k").repeat(20));
            for (int i = 0; i < 20; i++) {
                assertThat(wire.answer().equals(Talk.bulk(value))).isTrue();
            }
            assertThat(wire.ask("FLUSHDB")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void redisCliSpeaksTls() throws Exception {
        Programs.need("redis-cli");
        try (RunningNode node = node(null, ClientCertificates.NONE)) {
            assertThat(Programs.run(List.of(
                            "redis-cli",
                            "-p",
                            node.port(),
                            "--tls",
                            "--cacert",
                            server.certificate().toString(),
                            "--user",
                            "ann",
                            "--pass",
                            "secret of ann",
                            "--no-auth-warning",
                            "PING")))
                    .isEqualTo("PONG\n");
        }
    }

    @Test
    void olderVersionsAreRefused() throws Exception {
        try (RunningNode node = node(null, ClientCertificates.NONE);
                Wire old = connect(node, friend.trusting(server), "TLSv1.2")) {
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> old.ask("PING"));
        }
    }

    @Test
    void whoSpeaksPlainTextIsTurnedAway() throws Exception {
        try (RunningNode node = node(null, ClientCertificates.NONE);
                Wire plain = node.connect()) {
            plain.send("PING\r\nPING\r\n");
            assertThat(plain.rest()).doesNotContain("+").doesNotContain("NOAUTH");
        }
    }

    @Test
    void whoSpeaksTlsToAPlainPortIsTold() throws Exception {
        try (RunningNode node = new RunningNode();
                Wire wire = connect(node, friend.trusting(server))) {
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> wire.ask("PING"));
        }
    }

    @Test
    void requiredCertificatesAreRequiredAndChecked() throws Exception {
        try (RunningNode node = node(friend.certificate(), ClientCertificates.REQUIRED)) {
            try (Wire wire = connect(node, friend.trusting(server))) {
                assertThat(wire.ask("PING")).startsWith("-NOAUTH ");
            }
            try (Wire wire = connect(node, enemy.trusting(server))) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> wire.ask("PING"));
            }
        }
    }

    @Test
    void optionalCertificatesAreCheckedWhenShown() throws Exception {
        try (RunningNode node = node(friend.certificate(), ClientCertificates.OPTIONAL);
                Wire wire = connect(node, friend.trusting(server))) {
            assertThat(wire.ask("PING")).startsWith("-NOAUTH ");
            SSLContext nothingToShow = SSLContext.getInstance("TLS");
            nothingToShow.init(null, server.trust(), null);
            try (Wire none = connect(node, nothingToShow)) {
                assertThat(none.ask("PING")).startsWith("-NOAUTH ");
            }
        }
    }
}
