package io.github.tmem.node.peer;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.config.PeerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A node in this process over a real store, on loopback, at any free port. */
public final class RunningNode implements AutoCloseable {
    /** Who may use all pools. */
    public static final NodeUser ANN = new NodeUser("ann", Secret.of("secret of ann".toCharArray()), null);
    /** Who may use one pool. */
    public static final NodeUser BOB = new NodeUser("bob", Secret.of("secret of bob".toCharArray()), Set.of("images"));

    /** The time of the node. */
    public final AtomicLong clock = new AtomicLong(1_000_000);
    /** The node's own store. */
    public final PageStore store;

    final PeerServer server;

    private final NodeState state;

    /** A node for everybody, with the pools {@code images} and {@code swap}. */
    public RunningNode() {
        this(List.of(), null, PeerLimits.DEFAULT);
    }

    /** A node whose requests run on threads of their own, and look at this clock. */
    RunningNode(LongSupplier time) {
        this(time, Pace.SLOW);
    }

    /** A node that looks at this clock. */
    RunningNode(LongSupplier time, Pace pace) {
        this(List.of(), null, PeerLimits.DEFAULT, pace, time, 0);
    }

    /** A node for everybody at this port. */
    public RunningNode(int port) {
        this(List.of(), null, PeerLimits.DEFAULT, Pace.LOCAL, null, port);
    }

    /** A node for these users. */
    public RunningNode(List<NodeUser> users, @Nullable PeerTls tls, PeerLimits limits) {
        this(users, tls, limits, Pace.LOCAL, null, 0);
    }

    private RunningNode(
            List<NodeUser> users,
            @Nullable PeerTls tls,
            PeerLimits limits,
            Pace pace,
            @Nullable LongSupplier time,
            int port) {
        StoreConfig tiers = StoreConfig.ofChain(
                List.of(TierConfig.of("offheap", Size.parse("64MiB"))),
                List.of(PoolConfig.ephemeral("images").withPageSize(512), PoolConfig.persistent("swap")));
        store = PageStore.open(tiers);
        NodeConfig config =
                new NodeConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), users, tls, limits);
        Lending lending = Lending.of(tiers, List.of());
        state = new NodeState(config, store, lending, store::blobs, time == null ? clock::get : time);
        server = PeerServer.start(state, pace);
    }

    /** What its connections have in common. */
    public NodeState state() {
        return state;
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Where it listens. */
    public String port() {
        return Integer.toString(server.address().getPort());
    }

    /** A plain client. */
    public Wire connect() throws IOException {
        return Wire.to(server.address());
    }

    Wire connect(NodeUser user) throws IOException {
        Wire wire = connect();
        wire.ask("AUTH", user.name(), "secret of " + user.name());
        return wire;
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(10));
        store.close();
    }
}
