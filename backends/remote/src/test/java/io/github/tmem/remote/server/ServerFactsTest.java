package io.github.tmem.remote.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.remote.server.ServerAddress.Layout;
import io.github.tmem.remote.server.Unusable.Fault;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say of themselves, and what is said of those that cannot be used. */
class ServerFactsTest {

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2", "7.0.15", "8.1.0", "10.0.0"})
    void versionsThatDo(String version) {
        assertThat(ServerFacts.parse("redis_version:" + version).fault(Layout.SINGLE))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "6.0.16, speaks version 6.0.16 of the Redis protocol; allowed: 6.2 or newer",
        "2.8.24, speaks version 2.8.24 of the Redis protocol; allowed: 6.2 or newer",
        "unstable, 'does not say its version; allowed: Redis 6.2 or newer, or Valkey'"
    })
    void versionsThatDoNot(String version, String line) {
        assertThat(ServerFacts.parse("redis_version:" + version).fault(Layout.CLUSTER))
                .isEqualTo(line);
    }

    @Test
    void aServerThatSaysNothingOfItsVersionAndASentinel() {
        assertThat(ServerFacts.parse("run_id:1").fault(Layout.SINGLE)).startsWith("does not say its version");
        assertThat(ServerFacts.parse("redis_version:7.0.0\r\nredis_mode:sentinel")
                        .fault(Layout.SINGLE))
                .startsWith("is a sentinel and keeps no pages");
    }

    /** What is not said counts as what is worst. */
    @Test
    void whatIsNotSaidMayEvict() {
        assertThat(ServerFacts.parse("redis_version:7.0.0").evictsPersistent()).isTrue();
        assertThat(ServerFacts.parse("redis_version:7.0.0").replicas()).isZero();
    }

    @Test
    void aConnectionThatIsClosedIsNamedSo() {
        Unusable unusable = Unusable.of(new ClosedChannelException(), ServerAddress.parse("redis://host"));
        assertThat(unusable.fault()).isEqualTo(Fault.UNREACHABLE);
        assertThat(unusable)
                .hasMessageStartingWith("redis://host:6379 closes the connection without an answer")
                .message()
                .doesNotContain("null");
    }
}
