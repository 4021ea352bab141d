package io.github.tmem.system.wire;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.process.NodeProcess;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.RedisCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A store over peers, with nothing on the wire in between, and one pool of it. */
final class FarStore extends WirePages implements AutoCloseable {
    /** A timeout for peers that answer. */
    static final String PATIENT = "10s";

    /** A timeout for peers that do not. */
    static final String IMPATIENT = "200ms";

    private final PageStore store;
    private final List<PagePool> pools = new ArrayList<>();

    private FarStore(PageStore store) {
        this.store = store;
    }

    /** A store of these tiers, and a pool. */
    static FarStore of(PageKind kind, GetMode mode, TierConfig... tiers) {
        PageStore.Builder builder = PageStore.builder();
        List.of(tiers).forEach(builder::tier);
        FarStore far = new FarStore(builder.open());
        far.open("pool", kind, mode);
        return far;
    }

    /** A tier in a peer. */
    static TierConfig tier(PeerProcess peer, String timeout) {
        return peer instanceof NodeProcess node && peer.uri().startsWith("rediss:")
                ? tier(
                        peer.uri(),
                        timeout,
                        Map.of("trust-file", node.certificate().toString()))
                : tier(peer.uri(), timeout, Map.of());
    }

    /** A tier in a cluster. */
    static TierConfig tier(RedisCluster cluster, String timeout) {
        return tier("redis+cluster://" + cluster.nodes(), timeout, Map.of());
    }

    private static TierConfig tier(String uri, String timeout, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.putAll(Map.of("uri", uri, "timeout", timeout, "persistent", "accept-loss"));
        settings.put("reach", timeout.equals(PATIENT) ? "at-open" : "later"); // a busy machine may be late at first
        return TierConfig.of("remote", Size.parse("16MiB"))
                .withCodec("none")
                .withWhenFull(FullAction.DEMOTE, FullAction.FORWARD)
                .withSettings(settings);
    }

    /** A tier in memory. */
    static TierConfig memory(String capacity) {
        return TierConfig.of("heap", Size.parse(capacity))
                .withCodec("none")
                .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
    }

    /** Opens a further pool. */
    WirePages open(String name, PageKind kind, GetMode mode) {
        PoolConfig config = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        PagePool opened = store.pool(config.withGetMode(mode));
        pools.add(opened);
        return new WirePages() {
            @Override
            PagePool pool() {
                return opened;
            }
        };
    }

    PageStore store() {
        return store;
    }

    TierChain chain() {
        return store.chain(PoolConfig.CHAIN_DEFAULT);
    }

    @Override
    PagePool pool() {
        return pools.getFirst();
    }

    /** Puts a page past the tiers of these names. */
    void putPast(List<String> tiers, long index, long version) {
        tiers.forEach(chain()::freeze);
        putAtLast(index, version);
        tiers.forEach(chain()::thaw);
    }

    /** Waits until all frees are paid, and checks that all counts add up. Every peer has to be there. */
    void settle() {
        await(() -> store.stats().tiers().stream().allMatch(tier -> tier.freesOwed() == 0));
        StoreExtension.verify(store);
    }

    @Override
    public void close() {
        store.close();
    }
}
