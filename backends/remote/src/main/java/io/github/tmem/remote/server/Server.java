package io.github.tmem.remote.server;

import io.github.tmem.remote.line.Lines;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What holds the copies: one server, or a cluster of them. Thread-safe. */
public interface Server extends AutoCloseable {

    /** The server of this address, or the cluster; connections to it have this name. Connects nowhere yet. */
    static Server of(Access access, String connectionName) {
        return switch (access.address().layout()) {
            case SINGLE -> new SingleServer(access, connectionName);
            case CLUSTER -> new ClusterServers(access, connectionName);
        };
    }

    /**
     * Connects, with a secret and TLS as the settings say, and waits for it.
     *
     * @param onLost called when the connection has been lost and will not come back by itself; on any thread, must not wait
     * @throws Unusable if there is no connection
     */
    Connection connect(Runnable onLost) throws Unusable;

    /** Ends all connections and threads. */
    @Override
    void close();

    /** A connection. Commands that are sent while it is broken fail at once; none is ever sent twice. */
    interface Connection extends AutoCloseable {

        /** What can be asked. Answers arrive on a thread that must not be made to wait. */
        RedisClusterAsyncCommands<byte[], byte[]> commands();

        /** What callers that wait may use in place of {@link #commands}: of one server, in plain text, not for {@link #keep}. */
        default Lines lines() {
            return Lines.NONE;
        }

        /** Stores a value for good, with as many replicas as the settings ask for. */
        CompletionStage<String> keep(byte[] key, byte[] value);

        /** Asks for an answer, of any of the servers. */
        CompletionStage<?> ping();

        /** Asks every server that holds copies about itself; one in a cluster that does not answer is left out. */
        CompletionStage<List<ServerFacts>> inspect();

        /** The names of all connections to the servers, of this program and others. */
        CompletionStage<Set<String>> names();

        /** Ends it; commands under way fail. Called once. */
        @Override
        void close();
    }
}
