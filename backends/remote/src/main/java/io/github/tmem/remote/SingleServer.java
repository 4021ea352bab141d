package io.github.tmem.remote;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One Redis or Valkey server, or a tmem node. A connection that is lost is not mended: a new one is made, and examined. */
final class SingleServer implements Server {
    private final ServerAddress address;
    private final Clients clients;
    private final RedisClient client;

    /** A server to which connections have this name. */
    SingleServer(RemoteSettings settings, String name) {
        address = settings.address();
        clients = new Clients(settings, name);
        client = RedisClient.create(
                clients.resources(), clients.uri(address.nodes().getFirst()));
        client.setOptions(
                clients.apply(ClientOptions.builder()).autoReconnect(false).build());
    }

    @Override
    public Connection connect(Runnable onLost) throws Unusable {
        try {
            return new Single(client.connect(ByteArrayCodec.INSTANCE), onLost);
        } catch (RedisException e) {
            throw Unusable.of(e, address);
        }
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        clients.close();
    }

    private record Single(StatefulRedisConnection<byte[], byte[]> connection) implements Connection {
        Single(StatefulRedisConnection<byte[], byte[]> connection, Runnable onLost) {
            this(connection);
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    onLost.run();
                }
            });
        }

        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
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
            connection.close();
        }
    }
}
