package io.github.tmem.api.stats;

import java.util.List;

/**
 * What a store holds and has done.
 *
 * @param tiers the tiers of every chain, in the order pages travel
 * @param pools the open pools by name
 * @param directories one for each chain
 */
public record StoreStats(List<TierStats> tiers, List<PoolStats> pools, List<DirectoryStats> directories) {
    public StoreStats {
        tiers = List.copyOf(tiers);
        pools = List.copyOf(pools);
        directories = List.copyOf(directories);
    }
}
