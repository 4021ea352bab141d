package io.github.tmem.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.remote.server.Access;
import io.github.tmem.remote.server.ClientCertificate;
import io.github.tmem.remote.server.ServerAddress;
import io.github.tmem.remote.server.ServerAddress.Layout;
import io.github.tmem.remote.server.ServerAddress.Node;
import io.github.tmem.remote.server.ServerAddress.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteSettingsTest {

    @TempDir
    private Path folder;

    private static RemoteSettings read(String... settings) {
        Map<String, String> map = new HashMap<>(Map.of("uri", "redis://host"));
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        return RemoteSettings.of(TierConfig.of("remote", Size.ofBytes(1 << 20)).withSettings(map));
    }

    @Test
    void defaults() {
        assertThat(read())
                .isEqualTo(new RemoteSettings(
                        new Access(
                                new ServerAddress(
                                        Layout.SINGLE, Transport.PLAIN, List.of(new Node("host", 6379)), null, null),
                                null,
                                null,
                                Duration.ofMillis(50),
                                0),
                        1,
                        RemoteSettings.Losses.REFUSE,
                        Duration.ofHours(1),
                        RemoteSettings.Reach.AT_OPEN));
    }

    /** Who only looks at a configuration hears of a wrong address, too. */
    @Test
    void theCapacityOfATierWithoutAnAddressIsNone() {
        TierConfig config = TierConfig.of("remote", Size.ofBytes(1 << 20));
        RemoteProvider provider = new RemoteProvider();
        assertThat(provider.capacity(config.withSettings(Map.of("uri", "redis://host"))))
                .isEqualTo(1 << 20);
        assertThatThrownBy(() -> provider.capacity(config.withSettings(Map.of("uri", "redis://host:"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("allowed: redis://");
        assertThatThrownBy(() -> provider.capacity(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("uri is missing");
    }

    /** An address may name a secret. */
    @Test
    void aTierShowsNoneOfItsSettings() {
        TierConfig config = TierConfig.of("remote", Size.ofBytes(1 << 20));
        assertThat(config.withSettings(Map.of("uri", "redis://:sesame@host")).toString())
                .contains("remote", "uri")
                .doesNotContain("sesame");
    }

    @Test
    void addresses() {
        assertThat(ServerAddress.parse("rediss://me:p%40ss:+word@10.0.0.1:7000/0"))
                .isEqualTo(new ServerAddress(
                        Layout.SINGLE, Transport.TLS, List.of(new Node("10.0.0.1", 7000)), "me", "p@ss:+word"));
        assertThat(ServerAddress.parse("redis://:only@[::1]:7"))
                .isEqualTo(
                        new ServerAddress(Layout.SINGLE, Transport.PLAIN, List.of(new Node("::1", 7)), null, "only"));
        assertThat(ServerAddress.parse("redis+cluster://a:1,b:2,c"))
                .isEqualTo(new ServerAddress(
                        Layout.CLUSTER,
                        Transport.PLAIN,
                        List.of(new Node("a", 1), new Node("b", 2), new Node("c", 6379)),
                        null,
                        null));
        assertThat(ServerAddress.parse("rediss+cluster://u:p@[::1]:7,b").toString())
                .isEqualTo("rediss+cluster://[::1]:7,b:6379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "http://host",
                "redis://",
                "redis://host:0",
                "redis://host:65536",
                "redis://host:x",
                "redis://host/1",
                "redis://a,",
                "redis+cluster://a,",
                "redis://u:hidden%zz@host",
                "redis://u:hidden@host:x",
                "redis://u:hid@den@host",
                "redis://u:hid/den@host"
            })
    void wrongAddresses(String uri) {
        assertThatThrownBy(() -> read("uri", uri))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not the address of a server; allowed: redis://")
                .message()
                .doesNotContain("hidden", "hid", "den");
    }

    @ParameterizedTest
    @CsvSource({
        "timeout, 50, is not a duration; allowed: 1ms to 60s",
        "timeout, 0ms, cannot be used; allowed: 1ms to 60s",
        "timeout, 2h, cannot be used",
        "ttl, 10ms, cannot be used; allowed: 1s to 720h",
        "ttl, soon, is not a duration",
        "persistent, 'yes', 'is not known; allowed: refuse, accept-loss'",
        "reach, never, 'is not known; allowed: at-open, later'",
        "replicas, -1, cannot be used; allowed: 0 to 9",
        "secret-file, /nowhere/secret, cannot be read; allowed: a readable file",
        "trust-file, /nowhere/ca, cannot be read",
        "color, red, unknown setting; allowed: certificate-file"
    })
    void wrongSettings(String key, String value, String words) {
        assertThatThrownBy(() -> read(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("tier remote: " + key + " \"" + value + "\" ")
                .hasMessageContaining(words);
    }

    @Test
    void severalServers() {
        RemoteSettings two = read("uri", "rediss://me:hidden@a,b:7", "replicas", "2", "ttl", "1m");
        assertThat(two.ofSeveral()).isTrue();
        assertThat(two.holders()).isEqualTo(2);
        assertThat(two.access().replicas()).isZero();
        assertThat(two.each())
                .isEqualTo(List.of(
                        read("uri", "rediss://me:hidden@a", "ttl", "1m"),
                        read("uri", "rediss://me:hidden@b:7", "ttl", "1m")));
        assertThat(read("uri", "redis://a,b,c").holders()).isEqualTo(1);
        assertThat(read("replicas", "2").ofSeveral()).isFalse();
        assertThat(read("uri", "redis+cluster://a,b").ofSeveral()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'cannot be used; allowed: 1 to 2'",
        "3, 'cannot be used; allowed: 1 to 2'",
        "x, 'cannot be used; allowed: 1 to 2'"
    })
    void wrongReplicasOfSeveralServers(String replicas, String words) {
        assertThatThrownBy(() -> read("uri", "redis://a,b", "replicas", replicas))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aServerIsNamedOnce() {
        assertThatThrownBy(() -> read("uri", "redis://:hidden@a,b,a:6379"))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("names a server twice; allowed: redis://")
                .doesNotContain("hidden");
    }

    @Test
    void theAddressIsRequired() {
        assertThatThrownBy(() -> RemoteSettings.of(TierConfig.of("remote", Size.ofBytes(1))))
                .hasMessageContaining("uri is missing; allowed: redis://");
    }

    @Test
    void secretFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "of the file\r\n");
        ServerAddress address = read("uri", "redis://me:other@host", "secret-file", file.toString())
                .address();
        assertThat(address.user()).isEqualTo("me");
        assertThat(address.secret()).isEqualTo("of the file");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        assertThatThrownBy(() -> read("secret-file", empty.toString())).hasMessageContaining("empty or too long");
        Path longFile = Files.writeString(folder.resolve("long"), "x".repeat(4097));
        assertThatThrownBy(() -> read("secret-file", longFile.toString())).hasMessageContaining("empty or too long");
    }

    @Test
    void clientCertificates() throws Exception {
        Certificate mine = Certificate.make(folder, "mine");
        Certificate other = Certificate.make(folder, "other");
        Path empty = Files.writeString(folder.resolve("nothing"), "nothing");
        RemoteSettings settings = read(tls(mine.certificate(), mine.key()));
        assertThat(settings.access().identity()).isEqualTo(new ClientCertificate(mine.certificate(), mine.key()));
        assertWrong(tls(mine.certificate(), other.key()), "is not the key of the certificate in " + mine.certificate());
        assertWrong(tls(empty, mine.key()), "has no certificate; allowed: PEM");
        assertWrong(tls(mine.certificate(), mine.certificate()), "has no private key; allowed: PEM");
        String[] alone = {"uri", "rediss://host", "key-file", mine.key().toString()};
        assertWrong(alone, "is alone; allowed: certificate-file and key-file together");
        String[] plain = tls(mine.certificate(), mine.key());
        plain[1] = "redis://host";
        assertWrong(plain, "is for TLS; allowed: with rediss:// only");
    }

    private static String[] tls(Path certificate, Path key) {
        return new String[] {
            "uri", "rediss://host", "certificate-file", certificate.toString(), "key-file", key.toString()
        };
    }

    private static void assertWrong(String[] settings, String words) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains(words)
                .doesNotContain("\n");
    }

    @Test
    void noTextNamesASecret() {
        RemoteSettings settings = read("uri", "redis://me:hidden@host");
        assertThat(settings.address().secret()).isEqualTo("hidden");
        assertThat(settings.toString()).doesNotContain("hidden");
    }

    @Test
    void aPercentageIsNoCapacity() {
        TierConfig config = TierConfig.of("remote", Size.parse("25%")).withSettings(Map.of("uri", "redis://host"));
        assertThatThrownBy(() -> new RemoteProvider().capacity(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("allowed: a size that is no percentage");
    }
}
