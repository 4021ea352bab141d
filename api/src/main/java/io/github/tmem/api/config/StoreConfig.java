package io.github.tmem.api.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All settings of a store.
 *
 * @param chains the tiers of each chain by the chain's name, first tier first; at least one chain, each with 1 to
 *     {@value #TIERS_MAX} tiers
 * @param pools the declared pools; others may be opened later
 * @param directory the most memory the directory of a chain uses, as bytes or in per cent of the chain's capacity
 */
public record StoreConfig(Map<String, List<TierConfig>> chains, List<PoolConfig> pools, Size directory) {

    /** The most tiers a chain has. */
    public static final int TIERS_MAX = 15;

    /** The directory's share of the chain's capacity when none is configured. */
    public static final Size DEFAULT_DIRECTORY = Size.ofPercent(5);

    public StoreConfig {
        Objects.requireNonNull(directory);
        chains = Map.copyOf(chains);
        pools = List.copyOf(pools);
        if (chains.isEmpty()) {
            throw new ConfigException("a store needs at least one chain");
        }
        chains.forEach((name, tiers) -> {
            if (tiers.isEmpty() || tiers.size() > TIERS_MAX) {
                throw new ConfigException(
                        "chain " + name + " has " + tiers.size() + " tiers; allowed: 1 to " + TIERS_MAX);
            }
        });
        Set<String> names = new HashSet<>();
        for (PoolConfig pool : pools) {
            if (!names.add(pool.name())) {
                throw new ConfigException("pool " + pool.name() + " is declared twice");
            }
            if (!chains.containsKey(pool.chain())) {
                throw new ConfigException("pool " + pool.name() + " names chain \"" + pool.chain()
                        + "\", which does not exist; allowed: "
                        + String.join(", ", chains.keySet().stream().sorted().toList()));
            }
        }
    }

    /** A store of the one chain {@code default}. */
    public static StoreConfig ofChain(List<TierConfig> tiers, List<PoolConfig> pools) {
        return new StoreConfig(Map.of(PoolConfig.CHAIN_DEFAULT, List.copyOf(tiers)), pools, DEFAULT_DIRECTORY);
    }

    /** 10 % of the maximum heap, then 10 % of physical memory. */
    public static StoreConfig forThisMachine() {
        return ofChain(
                List.of(TierConfig.of("heap", Size.ofPercent(10)), TierConfig.of("offheap", Size.ofPercent(10))),
                List.of());
    }

    /** These settings with another bound on the directory. */
    public StoreConfig withDirectory(Size newDirectory) {
        return new StoreConfig(chains, pools, newDirectory);
    }
}
