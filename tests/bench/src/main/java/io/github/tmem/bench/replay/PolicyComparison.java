package io.github.tmem.bench.replay;

import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.bench.peer.policy.Peer;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.node.console.Progress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A store beside other caches with as many pages, all on one course.
 *
 * @param course what they go through
 * @param capacity their size as asked for
 * @param pages the same in pages
 * @param chains stores of several tiers that together have as many pages, by how they share them
 */
record PolicyComparison(Course course, Amount capacity, int pages, Map<String, StoreConfig> chains) {

    /** How many runs it takes. */
    int runs() {
        return 1 + chains.size() + Peer.values().length;
    }

    /** Makes the runs. */
    Standings run(Progress progress) {
        ReplayResult store = runStore(Stores.exact().holding(pages), progress);
        Map<String, ReplayResult> byChain = new LinkedHashMap<>();
        chains.forEach((shares, config) -> byChain.put(shares, runStore(config, progress)));
        Map<Peer, Hits> byPeer = new EnumMap<>(Peer.class);
        for (Peer peer : Peer.values()) {
            byPeer.put(peer, course.run(course.open(peer, pages), progress));
        }
        return new Standings(this, store, byChain, byPeer);
    }

    private ReplayResult runStore(StoreConfig config, Progress progress) {
        return new ReplayJob(course, capacity, pages, config).run(progress);
    }
}
