package io.github.tmem.remote.server;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster. Its client keeps a connection to each node and mends it by itself; it learns who is responsible for what when
 * a node says so, when one is lost, and every now and then. Its connection is therefore never lost as a whole.
 */
final class ClusterServers implements Server {
    private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(10);
    private static final Duration TOPOLOGY_PAUSE_MIN = Duration.ofSeconds(1);

    private final ServerAddress address;
    private final Clients clients;
    private final RedisClusterClient client;
    private final @Nullable ClusterPuts puts;
    private final AtomicBoolean refreshing = new AtomicBoolean();

    /** A cluster to which connections have this name. */
    ClusterServers(Access access, String name) {
        address = access.address();
        clients = new Clients(access, name);
        List<RedisURI> nodes = address.nodes().stream().map(clients::uri).toList();
        client = RedisClusterClient.create(clients.resources(), nodes);
        ClusterClientOptions.Builder options = clients.apply(ClusterClientOptions.builder());
        client.setOptions(options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_PERIOD)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE_MIN)
                        .build())
                .build());
        puts = access.replicas() == 0 ? null : new ClusterPuts(access, clients);
    }

    @Override
    public Connection connect(Runnable onLost) throws Unusable {
        StatefulRedisClusterConnection<byte[], byte[]> connection =
                Connecting.connect(() -> client.connect(ByteArrayCodec.INSTANCE), address);
        boolean connected = false;
        try {
            if (puts != null) {
                puts.connect(masters(connection).map(ClusterServers::place).toList());
            }
            connected = true;
            return new Clustered(connection);
        } finally {
            if (!connected) {
                new Clustered(connection).close();
            }
        }
    }

    /** The nodes that hold copies. */
    private static Stream<RedisClusterNode> masters(StatefulRedisClusterConnection<byte[], byte[]> connection) {
        return connection.getPartitions().stream()
                .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                        && !node.getSlots().isEmpty());
    }

    private static ServerAddress.Node place(RedisClusterNode node) {
        return new ServerAddress.Node(node.getUri().getHost(), node.getUri().getPort());
    }

    /** Asks the cluster who is responsible for what, unless it is being asked. */
    private void refresh() {
        if (refreshing.compareAndSet(false, true)) {
            CompletionStage<Void> ending = client.refreshPartitionsAsync().handle((done, failure) -> {
                refreshing.set(false);
                return null;
            });
            assert ending != null;
        }
    }

    @Override
    public void close() {
        if (puts != null) {
            puts.close();
        }
        client.shutdown(0, 2, TimeUnit.SECONDS);
        clients.close();
    }

    private final class Clustered implements Connection {
        private final StatefulRedisClusterConnection<byte[], byte[]> connection;

        Clustered(StatefulRedisClusterConnection<byte[], byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<String> keep(byte[] key, byte[] value) {
            return puts == null ? connection.async().set(key, value) : keepReplicated(puts, key, value);
        }

        /** A slot that is elsewhere by now, or moving, makes the put fail; the next may find it. */
        private CompletionStage<String> keepReplicated(ClusterPuts replicated, byte[] key, byte[] value) {
            RedisClusterNode master = connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
            if (master == null) {
                return CompletableFuture.failedFuture(new NotSent("no master has the slot"));
            }
            return replicated.put(place(master), key, value).whenComplete((ok, failure) -> {
                if (failure != null && !Unusable.isRefusal(failure)) {
                    refresh();
                }
            });
        }

        @Override
        public CompletionStage<?> ping() {
            return askAll(RedisAsyncCommands::ping).thenAccept(pongs -> {
                if (pongs.isEmpty()) {
                    throw new RedisException("no node of the cluster answers");
                }
            });
        }

        @Override
        public CompletionStage<List<ServerFacts>> inspect() {
            return askAll(RedisAsyncCommands::info)
                    .thenApply(infos -> infos.stream().map(ServerFacts::parse).toList());
        }

        @Override
        public CompletionStage<Set<String>> names() {
            return askAll(RedisAsyncCommands::clientList)
                    .thenApply(lists -> lists.stream()
                            .flatMap(list -> Clients.names(list).stream())
                            .collect(Collectors.toUnmodifiableSet()));
        }

        /** Asks every node that holds copies, but for those that do not answer: there may always be one. */
        private CompletionStage<List<String>> askAll(
                Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<String>> question) {
            List<CompletableFuture<@Nullable String>> answers = new ArrayList<>();
            masters(connection).forEach(node -> {
                // by host and port: this is the connection that commands use, and it is made if there is none
                RedisURI uri = node.getUri();
                answers.add(connection
                        .getConnectionAsync(uri.getHost(), uri.getPort())
                        .thenCompose(toNode -> question.apply(toNode.async()))
                        .handle((answer, failure) -> failure == null ? answer : null));
            });
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(all -> answers.stream()
                            .map(CompletableFuture::join)
                            .filter(Objects::nonNull)
                            .toList());
        }

        @Override
        public void close() {
            connection.close();
            if (puts != null) {
                puts.disconnect();
            }
        }
    }
}
