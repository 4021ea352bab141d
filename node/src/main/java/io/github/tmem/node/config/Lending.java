package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.BackendProvider.Location;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which chains of a node its peers may use: those whose tiers are all in this machine. Peers' pages are never lent on. If two
 * nodes that lend to each other did so, a page could go round between them, and each would count on room that it lends.
 * Immutable.
 */
public final class Lending {
    private static final String DEFAULT_CHAIN = "default";

    private final StoreConfig tiers;
    private final Map<String, Location> locations;

    private Lending(StoreConfig tiers, Map<String, Location> locations) {
        this.tiers = tiers;
        this.locations = locations;
    }

    /**
     * What a node with these chains and pools may lend.
     *
     * @param backends those that there are
     */
    public static Lending of(StoreConfig tiers, Collection<BackendProvider> backends) {
        return new Lending(
                tiers,
                backends.stream()
                        .collect(Collectors.toUnmodifiableMap(BackendProvider::type, BackendProvider::location)));
    }

    /** The chains and pools. */
    public StoreConfig tiers() {
        return tiers;
    }

    /** Whether all tiers are memory of this process. One of a type that is not known may be anything. */
    public boolean isAllMemory() {
        return tiers.chains().values().stream()
                .flatMap(List::stream)
                .allMatch(tier -> locations.get(tier.type()) == Location.MEMORY);
    }

    /**
     * Checks what the users of a node can reach by their names: their values, and the pools of the file that they may use.
     *
     * @throws ConfigException in one line if something of it is in a chain with a tier of another machine, or a pool of the
     *     file has a name that a session's own pool could have
     */
    public void check(NodeConfig node) {
        for (PoolConfig pool : tiers.pools()) {
            if (!PoolNames.isAllowed(pool.name())) {
                throw new ConfigException("pool \"" + pool.name().replaceAll("\\p{Cntrl}", "?")
                        + "\": its name has control characters; allowed in a node: a name without");
            }
        }
        List<NodeUser> users = node.users().isEmpty() ? List.of(NodeUser.everybody()) : node.users();
        for (NodeUser user : users) {
            check(chainOfValues(user), "the values of user " + user.name());
            for (PoolConfig pool : tiers.pools()) {
                if (!NodeUser.isOfValues(pool.name()) && user.mayUse(pool.name())) {
                    check(pool.chain(), "pool " + pool.name() + ", which user " + user.name() + " may use,");
                }
            }
        }
    }

    private String chainOfValues(NodeUser user) {
        return tiers.pools().stream()
                .filter(pool -> pool.name().equals(user.valuesPool()))
                .map(PoolConfig::chain)
                .findFirst()
                .orElse(DEFAULT_CHAIN);
    }

    /**
     * Checks where a peer is about to open a pool.
     *
     * @throws ConfigException if its chain has a tier of another machine
     */
    public void check(PoolConfig pool) {
        check(pool.chain(), "pool " + pool.name());
    }

    private void check(String chain, String what) {
        Optional<String> far = far(chain);
        if (far.isPresent()) {
            throw new ConfigException(
                    "chain " + chain + " has the tier " + far.get() + ", which is in another machine, and "
                            + "what peers keep in a node is not lent on: " + what
                            + " cannot be in it; allowed: a chain without such"
                            + " a tier" + near());
        }
    }

    /** The first tier of a chain that is in another machine. */
    private Optional<String> far(String chain) {
        return tiers.chains().getOrDefault(chain, List.of()).stream()
                .map(TierConfig::type)
                .filter(type -> locations.get(type) == Location.NETWORK)
                .findFirst();
    }

    private String near() {
        TreeSet<String> names = tiers.chains().keySet().stream()
                .filter(chain -> far(chain).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }
}
