package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.PageKey;
import io.github.tmem.node.resp.RequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The sessions of a node. Thread-safe. */
public final class Sessions {
    private static final Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int SESSIONS_MAX = 10_000;
    private static final int SESSIONS_OF_USER_MAX = 1000;
    private static final int SESSIONS_OF_CONNECTION_MAX = 64;
    private static final int ID_BYTES = 16;
    private static final int SCAN_KEYS = 1000;

    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    /** The connections that began them, by their ids. */
    private final Map<String, Long> beginners = new ConcurrentHashMap<>();

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier clock;
    private final TakenPages taken;

    Sessions(LongSupplier clock, TakenPages taken) {
        this.clock = clock;
        this.taken = taken;
    }

    Session begin(Client client, byte[] prefix, long lease) {
        checkRoom(client);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String name = HexFormat.of().formatHex(id);
        Session session =
                new Session(name, client.knownUser().name(), client.values(), taken, prefix, lease, clock.getAsLong());
        beginners.put(name, client.id());
        byId.put(name, session);
        join(client, session);
        return session;
    }

    private void checkRoom(Client client) {
        if (byId.size() >= SESSIONS_MAX) {
            throw new RequestException("ERR too many sessions; allowed: " + SESSIONS_MAX);
        }
        long ofConnection =
                beginners.values().stream().filter(id -> id == client.id()).count();
        if (ofConnection >= SESSIONS_OF_CONNECTION_MAX) {
            throw new RequestException("ERR too many sessions; allowed: " + SESSIONS_OF_CONNECTION_MAX
                    + " that one connection began and that have not ended");
        }
        String user = client.knownUser().name();
        long ofUser = byId.values().stream()
                .filter(session -> session.user().equals(user))
                .count();
        if (ofUser >= SESSIONS_OF_USER_MAX) {
            throw new RequestException("ERR too many sessions; allowed: " + SESSIONS_OF_USER_MAX + " of a user");
        }
    }

    private void remove(Session session) {
        byId.remove(session.id());
        beginners.remove(session.id());
    }

    /** Attaches a connection of the same user to a session that has not ended. */
    Session keep(Client client, String id) {
        Session session = find(client, id);
        join(client, session);
        session.hear(clock.getAsLong());
        return session;
    }

    /**
     * As {@link #keep}, as the only connection of the session: those that had an earlier turn are ended. When this returns
     * nothing of them runs any more, nor ever will. A fence that is overtaken by a later turn does not wait on.
     */
    Session fence(Client client, String id, long turn) {
        Session session = find(client, id);
        CompletableFuture<Void> rest = session.fence(client, turn);
        if (rest == null) {
            throw ended(client, session);
        }
        move(client, session);
        session.hear(clock.getAsLong());
        await(client, rest);
        if (session.isOver()) {
            throw ended(client, session);
        }
        if (client.cut().isDone()) {
            throw session.stale(client);
        }
        return session;
    }

    private static void join(Client client, Session session) {
        if (!session.attach(client)) {
            throw ended(client, session);
        }
        move(client, session);
    }

    private static void move(Client client, Session session) {
        Session before = client.session();
        if (before != null && before != session) {
            before.detach(client);
        }
        client.attach(session);
    }

    /**
     * Waits, unless the connection that waits is ended itself. So there are no two of which each waits for the end of the
     * other: who is waited for has been ended before.
     */
    private static void await(Client client, CompletableFuture<?> event) {
        CompletableFuture.anyOf(event, client.cut()).join();
    }

    /** What to tell who asks for a session that has ended, once nothing of it runs any more. */
    private static RequestException ended(Client client, Session session) {
        await(client, session.ended());
        return none();
    }

    private Session find(Client client, String id) {
        Session session = byId.get(id);
        if (session == null || !session.user().equals(client.knownUser().name())) {
            throw none();
        }
        return session;
    }

    private static RequestException none() {
        return new RequestException("NOSESSION there is no such session; it may have ended");
    }

    /** Ends a session; returns how many values were forgotten. */
    long end(Client client, String id) {
        Session session = find(client, id);
        CompletableFuture<Void> end = session.end(Set.of(client));
        if (end == null) {
            throw ended(client, session);
        }
        CompletableFuture<Long> values = reclaim(session, end);
        await(client, values);
        if (!values.isDone()) {
            throw none();
        }
        return values.join();
    }

    /** Forgets what is left of a session behind its end, on the thread that comes to it; completes with how many values. */
    private CompletableFuture<Long> reclaim(Session session, CompletableFuture<Void> end) {
        return end.whenComplete((nothing, failure) -> remove(session))
                .thenApply(nothing -> forget(session))
                .whenComplete((values, failure) -> {
                    if (failure != null) {
                        LOG.log(Level.ERROR, "event=reclaim-failed session=" + session.id(), failure);
                    }
                });
    }

    /**
     * Ends the sessions whose lease is over. Called now and then, one call at a time; it may take as long as a scan of all
     * values. Nobody hears that a session has ended before nothing of its connections runs any more.
     */
    public synchronized void sweep() {
        long now = clock.getAsLong();
        for (Session session : List.copyOf(byId.values())) {
            if (session.isSilent(now)) {
                expire(session);
            }
        }
    }

    private void expire(Session session) {
        CompletableFuture<Void> end = session.end(Set.of());
        if (end != null) {
            reclaim(session, end)
                    .thenAccept(values -> LOG.log(
                            Level.INFO,
                            "event=session-expired session=" + session.id() + " user=" + session.user() + " values="
                                    + values))
                    .exceptionally(failure -> null) // logged; the other sessions are looked at all the same
                    .join();
        }
    }

    private static long forget(Session session) {
        byte[] prefix = session.prefix();
        return prefix.length == 0 ? 0 : forget(session.values(), prefix);
    }

    private static long forget(Values values, byte[] prefix) {
        long forgotten = 0;
        long cursor = 0;
        do {
            BlobPool.Scan scan = values.pool().scan(cursor, SCAN_KEYS);
            for (PageKey key : scan.keys()) {
                byte[] bytes = ValueKey.bytes(key);
                boolean begins = bytes.length >= prefix.length
                        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
                forgotten += begins && values.flush(key.object(), key.index()) ? 1 : 0;
            }
            cursor = scan.next();
        } while (cursor != 0);
        return forgotten;
    }

    int count() {
        return byId.size();
    }
}
