package io.github.tmem.remote.server;

import io.github.tmem.remote.line.Dialing;
import io.github.tmem.remote.line.Lines;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One Redis or Valkey server, or a tmem node. A connection that is lost is not mended: a new one is made, and examined. */
final class SingleServer implements Server {
    private final Access access;
    private final String name;
    private final ServerAddress address;
    private final Clients clients;
    private final RedisClient client;

    /** A server to which connections have this name. */
    SingleServer(Access access, String name) {
        this.access = access;
        this.name = name;
        address = access.address();
        clients = new Clients(access, name);
        client = RedisClient.create(
                clients.resources(), clients.uri(address.nodes().getFirst()));
        client.setOptions(
                clients.apply(ClientOptions.builder()).autoReconnect(false).build());
    }

    @Override
    public Connection connect(Runnable onLost) throws Unusable {
        StatefulRedisConnection<byte[], byte[]> main = connected(onLost);
        return access.replicas() == 0 ? new Single(main, null) : withReplicas(main, onLost);
    }

    private StatefulRedisConnection<byte[], byte[]> connected(Runnable onLost) throws Unusable {
        StatefulRedisConnection<byte[], byte[]> made =
                Connecting.connect(() -> client.connect(ByteArrayCodec.INSTANCE), address);
        made.addListener(new Loss(onLost));
        return made;
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        clients.close();
    }

    private Connection withReplicas(StatefulRedisConnection<byte[], byte[]> main, Runnable onLost) throws Unusable {
        boolean connected = false;
        try {
            StatefulRedisConnection<byte[], byte[]> second = connected(onLost);
            connected = true;
            return new Single(main, second);
        } finally {
            if (!connected) {
                main.close();
            }
        }
    }

    /** Not with TLS: what a line waits for would have no end in time. */
    private Lines newLines() {
        if (address.transport() == ServerAddress.Transport.TLS) {
            return Lines.NONE;
        }
        List<List<String>> introduction = new ArrayList<>();
        if (address.secret() != null) {
            introduction.add(
                    address.user() == null
                            ? List.of("AUTH", address.secret())
                            : List.of("AUTH", address.user(), address.secret()));
        }
        introduction.add(List.of("CLIENT", "SETNAME", name));
        ServerAddress.Node node = address.nodes().getFirst();
        return new Lines(new Dialing(node.host(), node.port(), access.timeout(), introduction));
    }

    /** Hears when a connection is lost. */
    private record Loss(Runnable onLost) implements RedisConnectionStateListener {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            onLost.run();
        }
    }

    private final class Single implements Connection {
        private final StatefulRedisConnection<byte[], byte[]> connection;
        private final @Nullable StatefulRedisConnection<byte[], byte[]> second;
        private final @Nullable ReplicatedPuts replicated;
        private final Lines lines = newLines();

        Single(
                StatefulRedisConnection<byte[], byte[]> connection,
                @Nullable StatefulRedisConnection<byte[], byte[]> second) {
            this.connection = connection;
            this.second = second;
            replicated = second == null ? null : ReplicatedPuts.of(second, access);
        }

        @Override
        public CompletionStage<String> keep(byte[] key, byte[] value) {
            return replicated == null ? connection.async().set(key, value) : replicated.put(key, value);
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public Lines lines() {
            return lines;
        }

        @Override
        public CompletionStage<?> ping() {
            return connection.async().ping();
        }

        @Override
        public CompletionStage<List<ServerFacts>> inspect() {
            return connection.async().info().thenApply(info -> List.of(ServerFacts.parse(info)));
        }

        @Override
        public CompletionStage<Set<String>> names() {
            return connection.async().clientList().thenApply(Clients::names);
        }

        @Override
        public void close() {
            lines.close();
            connection.close();
            if (second != null) {
                second.close();
            }
        }
    }
}
