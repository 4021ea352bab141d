package io.github.tmem.node.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.peer.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A node over a real store, and its room. */
class NodeTest {
    private static final String UUID = "5f0b8f58-2bd9-4f2e-9d43-1f5a9a8a1c57";
    private static final String OK = "+OK\r\n";
    private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

    private static NodeConfig at(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new NodeConfig(address, List.of(), null, PeerLimits.DEFAULT);
    }

    private static Lending tiers(PoolConfig... pools) {
        return lending(StoreConfig.ofChain(List.of(TierConfig.of("offheap", Size.parse("1MiB"))), List.of(pools)));
    }

    private static Lending lending(StoreConfig tiers) {
        List<BackendProvider> backends = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return Lending.of(tiers, backends);
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
                .isThrownBy(() -> Node.start(at(0), lending(swap), PageStore::open))
                .withMessageContaining("default");
    }

    private static TierConfig remote(int port) {
        return TierConfig.of("remote", Size.parse("1MiB"))
                .withSettings(Map.of("uri", "redis://127.0.0.1:" + port, "reach", "later"));
    }

    private static StoreConfig withFarChain(Map<String, List<TierConfig>> chains, PoolConfig... pools) {
        return new StoreConfig(chains, List.of(pools), StoreConfig.DEFAULT_DIRECTORY);
    }

    /** A page that came from B must not go back to B, nor to anybody else. */
    @Test
    void whatPeersCanReachHasNoTierInAnotherMachine() {
        TierConfig near = TierConfig.of("heap", Size.parse("1MiB"));
        List<TierConfig> far = List.of(near, remote(1));
        AtomicReference<PageStore> opened = new AtomicReference<>();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Node.start(at(0), lending(withFarChain(Map.of("default", far))), config -> {
                    opened.set(PageStore.open(config));
                    return opened.get();
                }))
                .withMessage(
                        "chain default has the tier remote, which is in another machine, and what peers keep in a node"
                                + " is not lent on: the values of user default cannot be in it; allowed: a chain without such a tier");
        assertThat(opened).as("the store").hasNullValue();
        Map<String, List<TierConfig>> both = Map.of("default", List.of(near), "own", far);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Node.start(
                        at(0),
                        lending(withFarChain(
                                both, PoolConfig.ephemeral("images").withChain("own"))),
                        PageStore::open))
                .withMessageContaining("pool images, which user default may use, cannot be in it")
                .withMessageEndingWith("allowed: a chain without such a tier (default)");
    }

    @Test
    void aPeerOpensNoPoolInAChainWithATierInAnotherMachine() throws IOException {
        TierConfig near = TierConfig.of("heap", Size.parse("1MiB"));
        StoreConfig chains = withFarChain(Map.of("default", List.of(near), "own", List.of(near, remote(1))));
        Node node = Node.start(at(0), lending(chains), PageStore::open);
        try (Wire wire = Wire.to(node.address())) {
            assertThat(wire.ask("TMEM.OPEN", "images", "KIND", "ephemeral", "CHAIN", "own"))
                    .startsWith("-ERR chain own has the tier remote")
                    .endsWith("allowed: a chain without such a tier (default)\r\n");
            assertThat(wire.ask("TMEM.OPEN", "images", "KIND", "ephemeral", "CHAIN", "own", "UUID", UUID))
                    .startsWith("-ERR chain own has the tier remote");
            assertThat(wire.ask("TMEM.OPEN", "images", "KIND", "ephemeral")).startsWith("*6");
            assertThat(wire.ask("SET", "k", "v")).isEqualTo(OK);
        } finally {
            assertThat(node.stop(Duration.ofSeconds(10))).isTrue();
        }
    }

    /** Each of two machines lends memory and uses the other's: puts end, and are refused when both are full. */
    @Test
    void twoThatLendToEachOtherComeToAnEnd() {
        Node here = Node.start(at(0), tiers(), PageStore::open);
        Node there = Node.start(at(0), tiers(), PageStore::open);
        try (PageStore ofHere = PageStore.open(user(there));
                PageStore ofThere = PageStore.open(user(here))) {
            for (PageStore store : List.of(ofHere, ofThere, ofHere, ofThere)) {
                EphemeralPool pool = store.ephemeral("pages", GetMode.INCLUSIVE);
                for (int index = 0; index < 1000; index++) {
                    pool.put(ObjectId.of(1), index, Pages.noise(index, pool.pageSize()));
                }
                assertThat(pool.stats().stored() + pool.stats().refusedTotal()).isIn(1000L, 2000L);
                Race.until(() -> store.stats().tiers().getLast().demotedIn() > 0);
            }
        } finally {
            here.stop(Duration.ofSeconds(10));
            there.stop(Duration.ofSeconds(10));
        }
    }

    private static StoreConfig user(Node lender) {
        return StoreConfig.ofChain(
                List.of(
                        TierConfig.of("heap", Size.parse("1MiB")).withCodec("none"),
                        remote(lender.address().getPort()).withCapacity(Size.parse("8MiB"))),
                List.of());
    }
}
