package io.github.tmem.remote.server;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Puts into a cluster that are acknowledged when enough replicas have them: {@link ReplicatedPuts} of each master, each over
 * a connection of its own. That is not mended when it is lost, but made anew: WAIT speaks of what its own connection has
 * written. A put that finds none fails at once. Thread-safe.
 */
final class ClusterPuts implements AutoCloseable {
    private final Access access;
    private final Clients clients;
    private final RedisClient client;
    private final Map<ServerAddress.Node, CompletableFuture<Target>> targets = new ConcurrentHashMap<>();

    /** A master, as far as it is written to here. */
    private record Target(StatefulRedisConnection<byte[], byte[]> connection, ReplicatedPuts puts) {}

    ClusterPuts(Access access, Clients clients) {
        this.access = access;
        this.clients = clients;
        client = RedisClient.create(clients.resources());
        client.setOptions(
                clients.apply(ClientOptions.builder()).autoReconnect(false).build());
    }

    /**
     * Connects to these masters and waits for it. A put to one that cannot be reached fails until it can.
     *
     * @throws Unusable if none of them can be reached
     */
    void connect(List<ServerAddress.Node> masters) throws Unusable {
        List<CompletableFuture<Target>> connecting =
                masters.stream().map(this::target).toList();
        int connected = 0;
        Unusable last = null;
        for (CompletableFuture<Target> target : connecting) {
            try {
                Waiting.get(target, access.address());
                connected++;
            } catch (Unusable unusable) {
                last = unusable;
            }
        }
        if (connected == 0 && last != null) {
            throw last;
        }
    }

    /** The connection to a master. One that is lost is given out once more, and fails; the next call makes a new one. */
    private CompletableFuture<Target> target(ServerAddress.Node master) {
        CompletableFuture<Target> target = targets.computeIfAbsent(master, this::connectTo);
        if (target.isCompletedExceptionally()) {
            targets.remove(master, target);
        } else if (target.isDone() && !target.join().connection().isOpen() && targets.remove(master, target)) {
            target.join().connection().close();
        }
        return target;
    }

    private CompletableFuture<Target> connectTo(ServerAddress.Node master) {
        return client.connectAsync(ByteArrayCodec.INSTANCE, clients.uri(master))
                .thenApply(connection -> new Target(connection, ReplicatedPuts.of(connection, access)))
                .toCompletableFuture();
    }

    /** As {@link ReplicatedPuts#put}, into this master. */
    CompletionStage<String> put(ServerAddress.Node master, byte[] key, byte[] value) {
        CompletableFuture<Target> target = target(master);
        if (!target.isDone() || target.isCompletedExceptionally()) {
            return CompletableFuture.failedFuture(new NotSent("no connection to " + master + " now"));
        }
        return target.join().puts().put(key, value);
    }

    /** Ends the connections, also those that are being made; {@link #connect} makes new ones. */
    void disconnect() {
        for (ServerAddress.Node master : List.copyOf(targets.keySet())) {
            CompletableFuture<Target> target = targets.remove(master);
            if (target != null) {
                CompletionStage<Void> ending =
                        target.thenAccept(made -> made.connection().close());
                assert ending != null;
            }
        }
    }

    @Override
    public void close() {
        disconnect();
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
