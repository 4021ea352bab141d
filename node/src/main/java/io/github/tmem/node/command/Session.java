package io.github.tmem.node.command;

import io.github.tmem.api.PoolClosedException;
import io.github.tmem.node.resp.RequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client program holds together over its connections: the pools opened in it, whose numbers are those of all its
 * connections, and its values, which have keys with a common beginning. If none of its connections is heard for as long as
 * its lease says, it ends, and all that goes. Thread-safe.
 */
public final class Session {
    private final String id;
    private final String user;
    private final Values values;
    private final byte[] prefix;
    private final long lease;
    private final OpenPools pools = new OpenPools();
    private final TakenPages taken;
    private final Set<Client> clients = new HashSet<>(); // guarded by this
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean over; // guarded by this
    private long turn; // guarded by this
    private volatile long heard;

    /**
     * A session that was heard at {@code now}.
     *
     * @param prefix the beginning of the keys of its values; empty if it has none
     * @param lease how long it may be silent, in milliseconds
     */
    Session(String id, String user, Values values, TakenPages taken, byte[] prefix, long lease, long now) {
        this.id = id;
        this.user = user;
        this.values = values;
        this.taken = taken;
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

    OpenPools pools() {
        return pools;
    }

    /** One of its connections sent something. */
    public void hear(long now) {
        heard = now;
    }

    boolean isSilent(long now) {
        return now - heard > lease;
    }

    /** Adds a connection; false if the session has ended. */
    synchronized boolean attach(Client client) {
        return !over && (clients.contains(client) || clients.add(client));
    }

    synchronized void detach(Client client) {
        clients.remove(client);
    }

    /**
     * Adds a connection, and takes the turn for it from those that had an earlier one, which are ended.
     *
     * @return completes when nothing of them runs any more, nor ever will; null if the session has ended
     * @throws RequestException if a connection had this turn, or a later one; who asked is ended behind the answer
     */
    @Nullable
    CompletableFuture<Void> fence(Client client, long newTurn) {
        List<Client> older;
        synchronized (this) {
            if (over) {
                return null;
            }
            if (newTurn <= turn) {
                throw stale(client);
            }
            turn = newTurn;
            older = new ArrayList<>(clients);
            clients.add(client);
        }
        older.remove(client);
        return rest(older);
    }

    /** A connection came too late, or was overtaken: nothing that it sends behind its fence may run. */
    synchronized RequestException stale(Client client) {
        client.dismiss();
        return new RequestException("STALE another connection of the session has turn " + turn);
    }

    /** Ends connections; completes when nothing of them runs any more. */
    private static CompletableFuture<Void> rest(List<Client> clients) {
        clients.forEach(Client::disconnect);
        return CompletableFuture.allOf(clients.stream().map(Client::rest).toArray(CompletableFuture[]::new));
    }

    /**
     * Opens a pool in it; returns its number.
     *
     * @param wanted the number it is to have, or {@link OpenPools#ANY}
     */
    long open(long wanted, Supplier<? extends Opened> opener) {
        if (!isOver()) {
            Opened pool = opener.get();
            boolean added = false;
            try {
                synchronized (this) {
                    if (!over) {
                        long number = pools.add(pool, wanted);
                        added = true;
                        return number;
                    }
                }
            } finally {
                if (!added) {
                    pool.leave();
                }
            }
        }
        throw new PoolClosedException("session " + id + " has ended");
    }

    /**
     * Gives a pool up.
     *
     * @param undelivered tickets of pages that were taken from it and have not come: they are put back first
     * @throws RequestException if one of them is refused at the moment; the pool stays open
     */
    void close(long number, long[] undelivered) {
        Opened pool = pools.get(number);
        if (!pool.isOwn()) {
            for (long ticket : undelivered) {
                if (!taken.giveBack(this, ticket)) {
                    throw new RequestException(
                            "UNAVAILABLE a page that was taken cannot be put back now; the pool stays open");
                }
            }
        }
        pools.remove(number);
        taken.forget(this, number);
        pool.leave();
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Completes when it has ended, and nothing of its connections runs any more. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * Ends it, with its pools and its connections but for {@code except}.
     *
     * @return completes when nothing of them runs any more; null if it had ended already
     */
    @Nullable
    CompletableFuture<Void> end(Set<Client> except) {
        List<Client> left;
        synchronized (this) {
            if (over) {
                return null;
            }
            over = true;
            left = new ArrayList<>(clients);
            clients.clear();
        }
        left.removeAll(except);
        CompletableFuture<Void> rest = rest(left);
        CompletableFuture<Void> end;
        try {
            pools.leaveAll();
        } finally {
            end = rest.thenRun(this::finish);
        }
        return end;
    }

    private void finish() {
        try {
            taken.forget(this);
        } finally {
            ended.complete(null);
        }
    }
}
