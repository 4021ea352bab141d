package io.github.tmem.bench.replay;

import io.github.tmem.bench.peer.policy.Peer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * How a comparison ended.
 *
 * @param of the comparison
 * @param store the store of one tier
 * @param chains stores of several tiers, by how they share the pages
 * @param peers the others
 */
record Standings(PolicyComparison of, ReplayResult store, Map<String, ReplayResult> chains, Map<Peer, Hits> peers) {

    /** The hit ratio of the store of one tier, 0 to 1. */
    double one() {
        return store.hits().ratio();
    }

    /** That of a store of several tiers. */
    double chain(String shares) {
        return ratio(chains, shares).hits().ratio();
    }

    /** That of another policy. */
    double peer(Peer peer) {
        return ratio(peers, peer).ratio();
    }

    private static <K, V> V ratio(Map<K, V> results, K of) {
        V result = results.get(of);
        if (result == null) {
            throw new IllegalArgumentException(of + " took no part");
        }
        return result;
    }

    /** The best of all caches in one piece but the optimum. */
    double bestInOnePiece() {
        return peers.entrySet().stream()
                .filter(entry -> entry.getKey() != Peer.OPTIMUM)
                .flatMapToDouble(entry -> DoubleStream.of(entry.getValue().ratio()))
                .reduce(one(), Math::max);
    }

    /** What the file of figures says of it. */
    PolicyFigures figures(@Nullable String guest) {
        Map<String, Double> tiers = new LinkedHashMap<>();
        chains.forEach((shares, result) -> tiers.put(shares, result.hits().ratio()));
        Map<String, Double> others = new LinkedHashMap<>();
        peers.forEach((peer, hits) -> others.put(peer.key(), hits.ratio()));
        return new PolicyFigures(
                of.course().trace().name(),
                of.capacity().typed(),
                of.pages(),
                of.course().mode().word(),
                guest,
                store.hits().hits(),
                store.hits().gets(),
                one(),
                tiers,
                others);
    }
}
