package io.github.tmem.node.serve;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeText;
import io.github.tmem.node.peer.Pace;
import io.github.tmem.node.peer.PeerServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A running node: a store and the port to it. Thread-safe. */
public final class Node {
    private static final Logger LOG = System.getLogger(Node.class.getName());

    private final NodeConfig config;
    private final Lending lending;
    private final PageStore store;
    private final PeerServer server;

    private Node(NodeConfig config, Lending lending, PageStore store) {
        this.config = config;
        this.lending = lending;
        this.store = store;
        NodeState state = new NodeState(config, store, lending, store::blobs, new SteadyClock());
        server = PeerServer.start(state, lending.isAllMemory() ? Pace.LOCAL : Pace.SLOW);
    }

    /**
     * Opens the store and the port, unless the configuration lends what must not be lent.
     *
     * @param lending the chains and pools
     * @param opener opens the store, which the node closes
     * @throws io.github.tmem.api.config.ConfigException if one of them cannot be opened
     */
    public static Node start(NodeConfig config, Lending lending, Function<StoreConfig, PageStore> opener) {
        lending.check(config);
        PageStore store = opener.apply(lending.tiers());
        boolean started = false;
        try {
            Node node = new Node(config, lending, store);
            started = true;
            return node;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    /** Where the node listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** What the node is, in lines for people. */
    public List<String> report() {
        return StartReport.lines(config, store.stats(), lending.tiers().pools(), address());
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
