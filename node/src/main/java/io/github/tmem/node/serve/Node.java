package io.github.tmem.node.serve;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeText;
import io.github.tmem.node.peer.Pace;
import io.github.tmem.node.peer.PeerServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A running node: a store and the port to it. Thread-safe. */
public final class Node {
    private static final Logger LOG = System.getLogger(Node.class.getName());
    private static final Set<String> MEMORY_TIERS = Set.of("heap", "offheap", "chronicle");

    private final NodeConfig config;
    private final StoreConfig tiers;
    private final PageStore store;
    private final PeerServer server;

    private Node(NodeConfig config, StoreConfig tiers, Pace pace, PageStore store) {
        this.config = config;
        this.tiers = tiers;
        this.store = store;
        NodeState state = new NodeState(config, store, tiers.pools(), store::blobs, new SteadyClock());
        server = PeerServer.start(state, pace);
    }

    /**
     * Opens the store and the port.
     *
     * @param opener opens the store, which the node closes
     * @throws io.github.tmem.api.config.ConfigException if one of them cannot be opened
     */
    public static Node start(NodeConfig config, StoreConfig tiers, Function<StoreConfig, PageStore> opener) {
        PageStore store = opener.apply(tiers);
        boolean started = false;
        try {
            Node node = new Node(config, tiers, pace(tiers), store);
            started = true;
            return node;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    /** A tier that is not known to be memory may be slow. */
    private static Pace pace(StoreConfig tiers) {
        return tiers.chains().values().stream()
                        .flatMap(List::stream)
                        .map(TierConfig::type)
                        .allMatch(MEMORY_TIERS::contains)
                ? Pace.LOCAL
                : Pace.SLOW;
    }

    /** Where the node listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** What the node is, in lines for people. */
    public List<String> report() {
        return StartReport.lines(config, store.stats(), tiers.pools(), address());
    }

    /** The address for clients. */
    public String reachableAt() {
        return NodeText.text(address());
    }

    /**
     * Closes the port, then the store.
     *
     * @param most how long requests under way may take
     * @return whether they were all finished
     */
    public boolean stop(Duration most) {
        boolean finished = server.stop(most);
        store.close();
        LOG.log(Level.INFO, "event=stopped unfinished=" + (finished ? "no" : "yes"));
        return finished;
    }
}
