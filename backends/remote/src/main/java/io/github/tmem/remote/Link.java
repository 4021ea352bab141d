package io.github.tmem.remote;

import io.github.tmem.remote.RemoteSettings.Losses;
import io.github.tmem.remote.RemoteSettings.Reach;
import io.github.tmem.remote.server.Server;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.ServerFacts;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Unusable.Fault;
import io.github.tmem.remote.server.Upkeep;
import io.github.tmem.remote.server.Waiting;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server, and the breaker in it. Operations see one field: the connection they may use, or null, which costs
 * them nothing. Whether the server answers again is found out by the background thread {@code tmem-remote}, never by an
 * operation.
 *
 * <pre>
 *              connected, examined, lease taken
 *   away  ------------------------------------------>  in use
 *    ^  ^                                               |  ^
 *    |  +--------- connection lost ---------------------+  |
 *    |                                                  |  |
 *    |  does not answer a ping         five calls in a  |  |  answers a ping
 *    +-----------------------------  doubtful  <--------+--+
 *                                                row failed
 * </pre>
 */
final class Link implements Upkeep.Work, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Link.class.getName());
    private static final int FAILURES_MAX = 5;

    private final Server server;
    private final RemoteSettings settings;
    private final Session session;
    private final CopyBooks books;
    private final long routineNanos;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger generation = new AtomicInteger();
    private final Upkeep upkeep;

    /** What operations use; null: they do without. */
    private volatile @Nullable Connection inUse;

    /** Whether the current connection has been lost. */
    private volatile boolean broken;

    private volatile boolean keepsPersistent;

    private volatile @Nullable Connection current;
    private Set<String> runIds = Set.of();
    private String lastTrouble = "";
    private long nextRoutine;

    Link(Server server, RemoteSettings settings, Session session, CopyBooks books, Pace pace) {
        this.server = server;
        this.settings = settings;
        this.session = session;
        this.books = books;
        routineNanos = Math.min(pace.routine().toNanos(), settings.ttl().toNanos() / 4);
        upkeep = new Upkeep("tmem-remote", pace.backOffMin(), pace.backOffMax(), this);
    }

    /**
     * Connects and starts the background.
     *
     * @throws Unusable if there is no connection, and there has to be one, or never will be
     */
    void open() throws Unusable {
        try {
            connect();
        } catch (Unusable unusable) {
            if (unusable.fault() == Fault.MISCONFIGURED || settings.reach() == Reach.AT_OPEN) {
                throw unusable;
            }
            noteTrouble(unusable);
            drop();
        }
        upkeep.start();
    }

    /** The connection to use now; null if there is none, or the server does not answer. */
    @Nullable
    Connection inUse() {
        return inUse;
    }

    /** Whether the server, as it was when it was last examined, deletes no persistent copies by itself. */
    boolean keepsPersistent() {
        return keepsPersistent;
    }

    /** Notes that the server has answered. */
    void answered() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /**
     * Notes that a call on this connection has failed. After several in a row that had to wait the others are spared it; those
     * that could not even be sent cost nothing.
     */
    void failed(Connection connection, Throwable failure) {
        boolean waited = failure instanceof TimeoutException || Unusable.isOfServer(failure);
        if (waited && failures.incrementAndGet() >= FAILURES_MAX && connection.equals(inUse)) {
            inUse = null;
            upkeep.wake();
        }
    }

    private void lost(int lostGeneration) {
        if (generation.get() == lostGeneration) {
            broken = true;
            inUse = null;
            upkeep.wake();
        }
    }

    /** Gives the connection up if it is of no use; if only upkeep failed, operations find out whether there is an answer. */
    @Override
    public void failed(Unusable unusable) {
        if (inUse == null || unusable.fault() == Fault.MISCONFIGURED) {
            noteTrouble(unusable);
            drop();
        } else {
            LOG.log(Level.DEBUG, "tier remote: upkeep failed; it goes on later", unusable);
        }
    }

    @Override
    public void failed(RuntimeException failure) {
        LOG.log(Level.ERROR, "tier remote: the background failed; it goes on", failure);
        drop();
    }

    @Override
    public long step() throws Unusable {
        if (broken) {
            drop();
        }
        Connection connection = current;
        if (connection == null) {
            connect();
            return 0;
        }
        if (inUse == null) {
            Waiting.get(connection.ping(), settings.address());
            admit(connection);
            return 0;
        }
        long tending = connection.lines().tend();
        if (System.nanoTime() - nextRoutine >= 0) {
            nextRoutine = System.nanoTime() + routineNanos;
            examine(connection);
        }
        if (session.work(connection)) {
            return 0;
        }
        return Math.max(1, Math.min(tending, Math.min(nextRoutine - System.nanoTime(), session.restNanos())));
    }

    private void connect() throws Unusable {
        broken = false;
        int mine = generation.incrementAndGet();
        Connection connection = server.connect(() -> lost(mine));
        current = connection;
        examine(connection);
        nextRoutine = System.nanoTime() + routineNanos;
        admit(connection);
    }

    private void admit(Connection connection) throws Unusable {
        session.deleteForgotten(connection); // before its room is used again
        failures.set(0);
        inUse = connection;
        if (broken) {
            inUse = null; // lost meanwhile
        } else if (!lastTrouble.isEmpty()) {
            LOG.log(Level.INFO, "tier remote: {0} answers again", settings.address());
            lastTrouble = "";
        }
    }

    /** Renews the lease, and looks at what the servers say of themselves. */
    private void examine(Connection connection) throws Unusable {
        List<ServerFacts> facts = Waiting.get(connection.inspect(), settings.address());
        if (facts.isEmpty()) {
            throw new Unusable(Fault.UNREACHABLE, settings.address() + " has no server that answers");
        }
        for (ServerFacts server : facts) {
            String wrong = server.fault(settings.address().layout());
            if (wrong != null) {
                throw new Unusable(Fault.MISCONFIGURED, settings.address() + " " + wrong);
            }
        }
        boolean first = runIds.isEmpty();
        Session.Lease lease = session.renew(connection);
        Set<String> seen = facts.stream().map(ServerFacts::runId).collect(Collectors.toUnmodifiableSet());
        if (!seen.containsAll(runIds)) {
            LOG.log(
                    Level.WARNING,
                    "tier remote: {0} is not the server it was, or was started anew; up to {1} copies may be lost",
                    settings.address(),
                    books.copies());
        }
        if (!first && (lease != Session.Lease.RENEWED || !seen.containsAll(runIds))) {
            session.countLost();
        }
        if (settings.losses() == Losses.ACCEPT) {
            examinePersistence(facts, lease);
        }
        runIds = seen;
    }

    private void examinePersistence(List<ServerFacts> facts, Session.Lease lease) throws Unusable {
        boolean first = runIds.isEmpty();
        String fault = facts.stream()
                .map(this::persistenceFault)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
        if (fault == null && lease == Session.Lease.REFUSED) {
            fault = settings.address() + " has no memory left";
        } else if (fault != null && first) {
            throw new Unusable(Fault.MISCONFIGURED, fault);
        }
        boolean kept = keepsPersistent;
        keepsPersistent = fault == null;
        if (fault != null && kept) {
            LOG.log(Level.WARNING, "tier remote: {0}; until then the tier takes no persistent pages", fault);
        } else if (fault == null && !kept && !first) {
            LOG.log(Level.INFO, "tier remote: {0} takes persistent pages again", settings.address());
        }
    }

    private @Nullable String persistenceFault(ServerFacts server) {
        if (server.evictsPersistent()) {
            return settings.address() + " may delete persistent pages when its memory is full (maxmemory-policy "
                    + server.policy() + "); allowed with persistent pages: noeviction, volatile-…, or no maxmemory";
        }
        if (server.replicas() < settings.access().replicas()) {
            return settings.address() + " has " + server.replicas() + " replicas; allowed: at least "
                    + settings.access().replicas() + ", as " + RemoteSettings.REPLICAS + " says";
        }
        return null;
    }

    /** Logs what is wrong, unless it is what was wrong before. */
    private void noteTrouble(Unusable unusable) {
        String trouble = String.valueOf(unusable.getMessage());
        if (!trouble.equals(lastTrouble)) {
            LOG.log(Level.WARNING, "tier remote: {0}; pages pass it by until it answers", trouble);
            lastTrouble = trouble;
        }
    }

    /** Ends the current connection, whatever its state; what was under way may still arrive. */
    private void drop() {
        generation.incrementAndGet(); // so that its end is no loss
        broken = false;
        inUse = null;
        Connection connection = current;
        current = null;
        if (connection != null) {
            session.noteUnanswered();
            connection.close();
        }
    }

    /** Deletes what is left of the session if the server answers, and ends the connection and the thread. */
    @Override
    public void close() {
        Connection usable = inUse;
        inUse = null;
        Connection last = current;
        if (last != null) {
            last.lines().close(); // the background may be waiting on one
        }
        if (upkeep.stop()) {
            if (usable != null && usable.equals(current) && !broken) {
                endSession(usable);
            }
            drop();
        }
        server.close();
    }

    private void endSession(Connection connection) {
        try {
            session.end(connection);
        } catch (Unusable unusable) {
            LOG.log(Level.DEBUG, "tier remote: copies stay behind in " + settings.address(), unusable);
        }
    }
}
