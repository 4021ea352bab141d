package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeUser;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all connections of a node have in common. Thread-safe. */
public final class NodeState {
    private static final int RUN_ID_BYTES = 20;
    /** The names of the pools of users' values begin so; those of page pools do not. */
    static final String VALUES_PREFIX = NodeUser.VALUES_PREFIX;

    private final NodeConfig config;
    private final PageStore store;
    private final Lending lending;
    private final LongSupplier clock;
    private final long started;
    private final String runId;
    private final Map<String, NodeUser> users;
    private final Secret nobody;
    private final Map<String, Values> valuesByUser;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final TakenPages taken = new TakenPages();
    private final Sessions sessions;
    private final LongAdder commands = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private volatile int port;

    /**
     * A node that starts now, over a store it does not own. The pools of values are opened, so that one that cannot be is
     * known now.
     *
     * @param lending the chains and pools of the store, and which of them peers may use
     * @param blobs opens the pool of a user's values
     * @param clock the time in milliseconds since 1970; best one that never jumps
     */
    public NodeState(
            NodeConfig config, PageStore store, Lending lending, Function<String, BlobPool> blobs, LongSupplier clock) {
        this.config = config;
        this.store = store;
        this.lending = lending;
        this.clock = clock;
        started = clock.getAsLong();
        byte[] random = new byte[2 * RUN_ID_BYTES];
        new SecureRandom().nextBytes(random);
        runId = HexFormat.of().formatHex(random, 0, RUN_ID_BYTES);
        nobody = Secret.of(random);
        users = config.users().stream().collect(Collectors.toUnmodifiableMap(NodeUser::name, user -> user));
        valuesByUser = (users.isEmpty() ? Set.of(NodeConfig.DEFAULT_USER) : users.keySet())
                .stream()
                        .collect(Collectors.toUnmodifiableMap(
                                name -> name, name -> new Values(blobs.apply(VALUES_PREFIX + name), clock)));
        sessions = new Sessions(clock, taken);
    }

    /** What the node was told to be. */
    public NodeConfig config() {
        return config;
    }

    StoreStats stats() {
        return store.stats();
    }

    /** The pool that the configuration declares under this name. */
    Optional<PoolConfig> declared(String name) {
        return lending.tiers().pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst();
    }

    /**
     * Opens a pool for a peer.
     *
     * @throws io.github.tmem.api.config.ConfigException if it is in a chain with a tier of another machine, or cannot be
     *     opened as these settings say
     */
    PagePool open(PoolConfig settings) {
        lending.check(settings);
        return store.pool(settings);
    }

    /** As {@link #open}, a pool of values. */
    BlobPool openValues(PoolConfig settings) {
        lending.check(settings);
        return store.blobs(settings);
    }

    /** The time in milliseconds since 1970. */
    public long now() {
        return clock.getAsLong();
    }

    long started() {
        return started;
    }

    /** Forty hexadecimal digits, others at every start. */
    public String runId() {
        return runId;
    }

    int port() {
        return port;
    }

    /** The port turned out to be this one. */
    public void listensAt(int number) {
        port = number;
    }

    /** Pages that were taken, until their takers are known to have them. */
    TakenPages taken() {
        return taken;
    }

    /** The sessions. */
    public Sessions sessions() {
        return sessions;
    }

    /** The connections. */
    public Set<Client> clients() {
        return clients;
    }

    /** Logs a new connection in if the node has no users. */
    public void welcome(Client client) {
        connections.increment();
        clients.add(client);
        if (users.isEmpty()) {
            login(client, NodeUser.everybody());
        }
    }

    /** The connection is over. */
    public void farewell(Client client) {
        clients.remove(client);
        client.leave();
    }

    /** A connection was turned away. */
    public void reject() {
        rejected.increment();
    }

    /** A command is about to run. */
    void count() {
        commands.increment();
    }

    long commandCount() {
        return commands.sum();
    }

    long connectionCount() {
        return connections.sum();
    }

    long rejectedCount() {
        return rejected.sum();
    }

    /** The user with this name and secret; null if there is none. It takes as long for an unknown name as for another. */
    @Nullable
    NodeUser user(String name, byte[] secret) {
        NodeUser user = users.get(name);
        Secret right = user == null || user.secret() == null ? nobody : user.secret();
        boolean fits = secret.length > 0 && right.equals(Secret.of(secret));
        return fits ? user : null;
    }

    boolean hasUsers() {
        return !users.isEmpty();
    }

    void login(Client client, NodeUser user) {
        client.login(user, Objects.requireNonNull(valuesByUser.get(user.name())));
    }
}
