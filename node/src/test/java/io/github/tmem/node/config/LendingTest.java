package io.github.tmem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LendingTest {
    private static final TierConfig NEAR = TierConfig.of("near", Size.parse("1MiB"));
    private static final TierConfig DISK = TierConfig.of("disk", Size.parse("1MiB"));
    private static final TierConfig FAR = TierConfig.of("far", Size.parse("1MiB"));
    private static final PoolConfig IMAGES = PoolConfig.ephemeral("images").withChain("own");

    /** A type of tiers that are there. */
    private record Type(String type, Location location) implements BackendProvider {
        @Override
        public Set<String> settingKeys() {
            return Set.of();
        }

        @Override
        public long capacity(TierConfig config) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public Backend open(TierConfig config) {
            throw new AssertionError("nothing may be opened");
        }
    }

    private static Lending lending(Map<String, List<TierConfig>> chains, PoolConfig... pools) {
        List<BackendProvider> types = List.of(
                new Type("near", BackendProvider.Location.MEMORY),
                new Type("disk", BackendProvider.Location.DEVICE),
                new Type("far", BackendProvider.Location.NETWORK));
        return Lending.of(new StoreConfig(chains, List.of(pools), StoreConfig.DEFAULT_DIRECTORY), types);
    }

    private static NodeUser user(String name, @Nullable Set<String> pools) {
        return new NodeUser(name, Secret.of(new byte[] {1}), pools);
    }

    private static NodeConfig of(NodeUser... users) {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new NodeConfig(loopback, List.of(users), null, PeerLimits.DEFAULT);
    }

    private static void assertRefused(Lending lending, NodeConfig node, String what) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> lending.check(node))
                .withMessageContaining("is not lent on: " + what + " cannot be in it; allowed: ");
    }

    @Test
    void valuesAreInTheChainOfTheirPoolOrInTheDefaultOne() {
        Lending farByDefault = lending(
                Map.of("default", List.of(NEAR, FAR), "near", List.of(NEAR)),
                PoolConfig.ephemeral("peer:app").withChain("near"));
        farByDefault.check(of(user("app", Set.of())));
        assertRefused(farByDefault, of(), "the values of user default");
        assertRefused(farByDefault, of(user("app", Set.of()), user("other", Set.of())), "the values of user other");
        Lending farForOne = lending(
                Map.of("default", List.of(NEAR, DISK), "own", List.of(FAR)),
                PoolConfig.ephemeral("peer:app").withChain("own"));
        farForOne.check(of());
        farForOne.check(of(user("other", null)));
        assertRefused(farForOne, of(user("app", Set.of())), "the values of user app");
    }

    @Test
    void poolsOfTheFileAreThoseThatSomebodyMayUse() {
        Lending lending = lending(Map.of("default", List.of(NEAR), "own", List.of(NEAR, FAR)), IMAGES);
        lending.check(of(user("app", Set.of()), user("other", Set.of("swap"))));
        assertRefused(lending, of(), "pool images, which user default may use,");
        assertRefused(lending, of(user("app", null)), "pool images, which user app may use,");
        assertRefused(
                lending,
                of(user("other", Set.of()), user("app", Set.of("images"))),
                "pool images, which user app may use,");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> lending.check(IMAGES))
                .withMessage(
                        "chain own has the tier far, which is in another machine, and what peers keep in a node is not"
                                + " lent on: pool images cannot be in it; allowed: a chain without such a tier (default)");
        lending.check(IMAGES.withChain("default"));
        lending.check(IMAGES.withChain("none"));
    }

    @Test
    void noPoolOfTheFileHasTheNameOfASessionsOwn() {
        Lending lending =
                lending(Map.of("default", List.of(NEAR)), PoolConfig.ephemeral(PoolNames.ofSession("images", "id")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> lending.check(of()))
                .withMessage("pool \"images?id\": its name has control characters; allowed in a node: a name without");
    }

    @Test
    void memoryIsWhatEachTypeSaysItIs() {
        assertThat(lending(Map.of("default", List.of(NEAR))).isAllMemory()).isTrue();
        assertThat(lending(Map.of("default", List.of(NEAR), "own", List.of(NEAR, DISK)))
                        .isAllMemory())
                .isFalse();
        assertThat(lending(Map.of("default", List.of(TierConfig.of("unheard-of", Size.parse("1MiB")))))
                        .isAllMemory())
                .isFalse();
    }
}
