package io.github.tmem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Secret;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.node.config.PeerTls.ClientCertificates;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code node} of a file: read as a whole, or refused with a line that says where and what is allowed. */
class NodeReaderTest {
    private static final String CHAINS = "chains: {default: [{tier: heap, capacity: 1MiB}]}\n";

    @TempDir
    Path folder;

    @BeforeEach
    void secret() throws IOException {
        Files.writeString(folder.resolve("app.secret"), "open sesame\n");
        Files.writeString(folder.resolve("empty.secret"), "");
    }

    private Path file(String section) throws IOException {
        return Files.writeString(folder.resolve("tmem.yaml"), CHAINS + section);
    }

    private NodeConfig read(String section) throws IOException {
        return NodeReader.read(FakeStore.provider(new FakeStore(Flaw.NONE)), file(section));
    }

    @Test
    void aFileWithoutTheSectionIsANodeOnLoopback() throws IOException {
        for (String section : new String[] {"", "node: {}"}) {
            NodeConfig node = read(section);
            assertThat(node.bind().getAddress().isLoopbackAddress()).isTrue();
            assertThat(node.bind().getPort()).isEqualTo(7390);
            assertThat(node.users()).isEmpty();
            assertThat(node.tls()).isNull();
            assertThat(node.limits()).isEqualTo(PeerLimits.DEFAULT);
        }
    }

    @Test
    void everyKeyIsRead() throws Exception {
        Certificate.make(folder, "node");
        NodeConfig node = read("""
                node:
                  bind: 0.0.0.0
                  port: 0
                  users:
                    - {name: app, secret-file: app.secret, pools: [images, swap]}
                    - {name: admin, secret-file: app.secret, pools: all}
                    - {name: plain, secret-file: app.secret}
                  tls: {certificate: node.pem, key: node.key, client-certificates: optional, trust: node.pem}
                  limits: {connections: 7, request: 4MiB, output: 64KiB, login: 500ms, idle: 2m, stalled: 3s}
                """);
        assertThat(node.bind().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(node.bind().getPort()).isZero();
        assertThat(node.users()).extracting(NodeUser::name).containsExactly("app", "admin", "plain");
        assertThat(node.users().getFirst())
                .isEqualTo(new NodeUser("app", Secret.of("open sesame".toCharArray()), Set.of("images", "swap")));
        assertThat(node.users().get(1).mayUse("anything")).isTrue();
        assertThat(node.users().get(2).mayUse("images")).isFalse();
        assertThat(Objects.requireNonNull(node.tls()).clients()).isEqualTo(ClientCertificates.OPTIONAL);
        assertThat(node.limits())
                .isEqualTo(new PeerLimits(
                        7, 4 << 20, 64 << 10, Duration.ofMillis(500), Duration.ofMinutes(2), Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node: 5 | 2:7: node is \"5\"; allowed: a map with the keys bind, port, users, tls, limits",
                "node: {prot: 1} | 2:8: unknown key \"prot\"; did you mean \"port\"? allowed: bind, port, users, tls, limits",
                "node: {port: 65536} | 2:14: port \"65536\" is not allowed; allowed: a whole number from 0 to 65535",
                "node: {port: -1} | 2:14: port \"-1\" is not allowed; allowed: a whole number from 0 to 65535",
                "node: {bind: no such host} | 2:14: bind \"no such host\" is not an address; allowed: the name or number of"
                        + " an address of this machine",
                "node: {bind: 0.0.0.0} | 2:14: bind 0.0.0.0 reaches beyond this machine without tls and users; allowed: tls"
                        + " and at least one user, or an address of loopback (127.0.0.1, ::1)",
                "node: {bind: 0.0.0.0, users: [{name: a, secret-file: app.secret}]} | 2:14: bind 0.0.0.0 reaches beyond this"
                        + " machine without tls; allowed: tls and at least one user, or an address of loopback (127.0.0.1, ::1)",
                "node: {users: x} | 2:15: users is \"x\"; allowed: a list of users",
                "node: {users: [{name: a}]} | 2:16: a user has no \"secret-file\"; allowed: a readable file of 1 to 4096"
                        + " bytes; a line break at its end does not count",
                "node: {users: [{secret-file: app.secret}]} | 2:16: a user has no \"name\"; allowed: 1 to 64 of the"
                        + " characters a-z, A-Z, 0-9, ., _ and -",
                "node: {users: [{name: a b, secret-file: app.secret}]} | 2:23: name \"a b\" is not the name of a user; allowed:"
                        + " 1 to 64 of the characters a-z, A-Z, 0-9, ., _ and -",
                "node: {users: [{name: a, secret-file: app.secret, pools: some}]} | 2:58: pools \"some\" is not a list;"
                        + " allowed: all, or a list of the names of pools",
                "node: {users: [{name: a, secret-file: app.secret}, {name: a, secret-file: app.secret}]} | 2:52: user \"a\" is"
                        + " given twice; allowed: once",
                "node: {tls: {key: a}} | 2:13: tls has no \"certificate\"; allowed: a PEM file",
                "node: {tls: {certificate: a, key: b, trust: c}} | 2:13: trust without client-certificates; allowed: both, or"
                        + " neither",
                "node: {tls: {certificate: a, key: b, client-certificates: maybe}} | 2:59: client-certificates \"maybe\" is"
                        + " unknown; allowed: none, optional, required",
                "node: {limits: {connections: 0}} | 2:30: connections \"0\" is not allowed; allowed: a whole number from 1"
                        + " to 100000",
                "node: {limits: {request: 1MiB}} | 2:26: request \"1MiB\" is not allowed; allowed: a size from 2MiB to 512MiB",
                "node: {limits: {output: 10%}} | 2:25: output \"10%\" is not allowed; allowed: a size from 64KiB to 512MiB",
                "node: {limits: {output: x}} | 2:25: output \"x\" is not a size; allowed: a size from 64KiB to 512MiB",
                "node: {limits: {idle: 5}} | 2:23: idle \"5\" is not a time; allowed: a whole number with ms, s, m or h"
                        + " (\"30s\")",
                "node: {limits: {login: 0s}} | 2:24: login \"0s\" is not allowed; allowed: a whole number with ms, s, m or h"
                        + " (\"30s\"), above 0",
            })
    void aMistakeIsNamedWithItsPlace(String section, String complaint) throws IOException {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(section))
                .withMessage(folder.resolve("tmem.yaml") + ":" + complaint);
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        Certificate.make(folder, "node");
        Files.writeString(folder.resolve("junk.pem"), "junk");
        assertWrong("node: {users: [{name: a, secret-file: empty.secret}]}", "2:39: secret file " + folder, "is empty");
        assertWrong(
                "node: {users: [{name: a, secret-file: none.secret}]}",
                "2:39: secret file " + folder,
                "cannot be read");
        assertWrong(
                "node: {tls: {certificate: none.pem, key: node.key}}", "2:13: certificate ", "none.pem cannot be read");
        assertWrong("node: {tls: {certificate: junk.pem, key: node.key}}", "2:13: certificate ", "cannot be used: ");
        assertWrong("node: {tls: {certificate: node.pem, key: junk.pem}}", "2:13: certificate ", "cannot be used: ");
        assertWrong(
                "node: {tls: {certificate: node.pem, key: node.key, client-certificates: required}}",
                "2:13: tls has no \"trust\"",
                "allowed: the PEM file");
        assertWrong(
                "node: {bind: 0.0.0.0, tls: {certificate: node.pem, key: node.key}}",
                "2:14: bind 0.0.0.0 reaches beyond this machine without users",
                "allowed: ");
    }

    private void assertWrong(String section, String begin, String part) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(section))
                .withMessageStartingWith(folder.resolve("tmem.yaml") + ":" + begin)
                .withMessageContaining(part);
    }
}
