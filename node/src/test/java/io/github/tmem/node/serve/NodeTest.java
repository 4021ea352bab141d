package io.github.tmem.node.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.peer.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A node over a real store, and its room. */
class NodeTest {
    private static final String OK = "+OK\r\n";
    private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

    private static NodeConfig at(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new NodeConfig(address, List.of(), null, PeerLimits.DEFAULT);
    }

    private static StoreConfig tiers(PoolConfig... pools) {
        return StoreConfig.ofChain(List.of(TierConfig.of("offheap", Size.parse("1MiB"))), List.of(pools));
    }

    /** What no codec could shorten, and different for each key. */
    private static String value(int number) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            value.append((char) ('a' + (number * 31 + i * i) % 26));
        }
        return value.toString();
    }

    @Test
    void persistentValuesDisplaceEphemeralOnesUntilTheNodeIsFullAndNoneIsLost() throws IOException {
        Node node = Node.start(at(0), tiers(), PageStore::open);
        try (Wire wire = Wire.to(node.address())) {
            for (int i = 0; i < 400; i++) {
                assertThat(wire.ask("SET", "e" + i, value(i), "EX", "1000")).isEqualTo(OK);
            }
            int stored = 0;
            while (wire.ask("SET", "p" + stored, value(stored)).equals(OK)) {
                stored++;
            }
            assertThat(stored).isBetween(280, 349);
            assertThat(wire.ask("SET", "p" + stored, value(stored))).isEqualTo(OOM);
            for (int i = 0; i < stored; i++) {
                assertThat(wire.ask("GET", "p" + i)).isEqualTo("$3000\r\n" + value(i) + "\r\n");
            }
            assertThat(wire.ask("GET", "p" + stored)).isEqualTo("$-1\r\n");
        } finally {
            assertThat(node.stop(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void aDeclaredPoolBoundsTheValuesOfAUser() throws IOException {
        PoolConfig values = PoolConfig.ephemeral("peer:default").withQuota(Size.parse("64KiB"));
        Node node = Node.start(at(0), tiers(values), PageStore::open);
        try (Wire wire = Wire.to(node.address())) {
            int stored = 0;
            while (wire.ask("SET", "p" + stored, value(stored)).equals(OK)) {
                stored++;
            }
            assertThat(stored).isBetween(18, 21);
            assertThat(wire.ask("SET", "p", value(0))).isEqualTo(OOM);
        } finally {
            node.stop(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatCannotStartLeavesNoStoreOpen() {
        Node node = Node.start(at(0), tiers(), PageStore::open);
        try {
            AtomicReference<PageStore> second = new AtomicReference<>();
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> Node.start(at(node.address().getPort()), tiers(), config -> {
                        second.set(PageStore.open(config));
                        return second.get();
                    }))
                    .withMessageStartingWith("cannot listen at ");
            assertThatExceptionOfType(io.github.tmem.api.PoolClosedException.class)
                    .isThrownBy(() -> second.get().stats());
        } finally {
            node.stop(Duration.ofSeconds(10));
        }
    }

    @Test
    void valuesNeedAChain() {
        StoreConfig swap = new StoreConfig(
                Map.of("swap", List.of(TierConfig.of("heap", Size.parse("1MiB")))),
                List.of(),
                StoreConfig.DEFAULT_DIRECTORY);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Node.start(at(0), swap, PageStore::open))
                .withMessageContaining("default");
    }
}
