package io.github.tmem.node.command;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.PoolConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What a client program holds together over its connections: the pools opened in it, and its values, which have keys with a
 * common beginning. If none of its connections is heard for as long as its lease says, it ends, and all that goes.
 * Thread-safe.
 */
public final class Session {
    private final String id;
    private final String user;
    private final Values values;
    private final byte[] prefix;
    private final long lease;
    private final Map<PoolConfig, PagePool> pools = new LinkedHashMap<>();
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private volatile long heard;
    private boolean over;

    /**
     * A session that was heard at {@code now}.
     *
     * @param prefix the beginning of the keys of its values; empty if it has none
     * @param lease how long it may be silent, in milliseconds
     */
    Session(String id, String user, Values values, byte[] prefix, long lease, long now) {
        this.id = id;
        this.user = user;
        this.values = values;
        this.prefix = prefix.clone();
        this.lease = lease;
        heard = now;
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    Values values() {
        return values;
    }

    byte[] prefix() {
        return prefix.clone();
    }

    /** One of its connections sent something. */
    public void hear(long now) {
        heard = now;
    }

    boolean isSilent(long now) {
        return now - heard > lease;
    }

    void attach(Client client) {
        clients.add(client);
    }

    void detach(Client client) {
        clients.remove(client);
    }

    /** The pool of these settings, opened once. */
    synchronized PagePool pool(PoolConfig settings, Function<PoolConfig, PagePool> opener) {
        if (over) {
            throw new PoolClosedException("session " + id + " has ended");
        }
        return pools.computeIfAbsent(settings, opener);
    }

    /** Ends its connections but for {@code except}, and its pools. */
    void end(Client except) {
        end(client -> client != except);
    }

    /** Ends its connections and pools. */
    void end() {
        end(client -> true);
    }

    private void end(java.util.function.Predicate<Client> who) {
        clients.stream().filter(who).forEach(Client::disconnect);
        synchronized (this) {
            over = true;
            pools.values().forEach(PagePool::close);
            pools.clear();
        }
    }
}
