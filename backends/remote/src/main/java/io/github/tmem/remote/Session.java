package io.github.tmem.remote;

import io.github.tmem.remote.CopyBooks.Which;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.SetArgs;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What one opening of the tier has in the server, and its upkeep: a lease that says that the session lives, the times to
 * live of its ephemeral copies, and the removal of what nobody will ask for again. Belongs to the background thread, but
 * for {@link #noteUnanswered}.
 */
final class Session {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());
    private static final byte[] LEASE = {'1'};
    private static final int UNLINKED_AT_ONCE = 500;

    /** The lease outlives copies by so much: a server that evicts what ends first takes copies first. */
    private static final int LEASE_TTLS = 2;

    private final RemoteSettings settings;
    private final CopyKeys keys;
    private final CopyBooks books;
    private final long ghostsNanos;
    private @Nullable Sweep endedSessions;
    private @Nullable Sweep ghosts;
    private @Nullable BookWalk refresh;
    private @Nullable BookWalk count;
    private long nextRefresh;

    /** When a put was last left without an answer, 0 if that has been seen to. */
    private volatile long unanswered;

    private volatile boolean forgotten;

    Session(RemoteSettings settings, CopyKeys keys, CopyBooks books, Pace pace) {
        this.settings = settings;
        this.keys = keys;
        this.books = books;
        ghostsNanos = pace.ghosts().toNanos();
        endedSessions = Sweep.ofEndedSessions(settings.address());
        nextRefresh = System.nanoTime() + refreshNanos();
    }

    private long refreshNanos() {
        return settings.ttl().toNanos() / 3;
    }

    /** Notes that a copy may arrive in the server although its put was given up. By any thread. */
    void noteUnanswered() {
        unanswered = System.nanoTime() | 1;
    }

    /** Notes that copies were forgotten while the server could not be asked to delete them. By any thread. */
    void noteForgotten() {
        forgotten = true;
    }

    /** Deletes what was forgotten while the server could not be asked to. */
    void deleteForgotten(Connection connection) throws Unusable {
        if (forgotten) {
            forgotten = false;
            Sweep sweep = Sweep.ofGhosts(settings.address(), keys, books);
            boolean ended = false;
            try {
                while (sweep.step(connection)) {
                    // a few hundred names each
                }
                ended = true;
            } finally {
                forgotten |= !ended;
            }
            report(sweep, "that were flushed while it was away");
        }
    }

    /** How the lease stands. */
    enum Lease {
        /** It was there, and has been renewed. */
        RENEWED,
        /** It was not there, and has been taken. */
        TAKEN,
        /** It was not there, and the server has no memory for it. */
        REFUSED
    }

    /** Takes or renews the lease. */
    Lease renew(Connection connection) throws Unusable {
        long millis = LEASE_TTLS * settings.ttl().toMillis();
        // not a SET at once: that is refused when the memory is full
        if (isDone(connection.commands().pexpire(keys.lease(), millis))) {
            return Lease.RENEWED;
        }
        SetArgs args = SetArgs.Builder.px(millis);
        CompletionStage<Boolean> taken =
                connection.commands().set(keys.lease(), LEASE, args).thenApply("OK"::equals);
        return isDone(taken) ? Lease.TAKEN : Lease.REFUSED;
    }

    /** What the server answers, or false if it answers that it has no memory or too few replicas for this. */
    private boolean isDone(CompletionStage<Boolean> answer) throws Unusable {
        return Waiting.get(
                answer.exceptionally(failure -> {
                    if (Unusable.isRefusal(failure)) {
                        return false;
                    }
                    throw new CompletionException(failure);
                }),
                settings.address());
    }

    /** Begins to count the copies that the server has lost, and logs how many. */
    void countLost() {
        count = BookWalk.counting(settings, keys, books);
    }

    /**
     * Does a small part of the upkeep.
     *
     * @return whether there is more to do now
     */
    boolean work(Connection connection) throws Unusable {
        if (endedSessions != null) {
            if (!endedSessions.step(connection)) {
                report(endedSessions, "left by programs that have ended");
                endedSessions = null;
            }
        } else if (ghosts != null) {
            if (!ghosts.step(connection)) {
                report(ghosts, "that arrived after their put was given up");
                ghosts = null;
            }
        } else if (count != null) {
            if (!count.step(connection)) {
                reportLost(count);
                count = null;
            }
        } else if (refresh != null) {
            refresh = refresh.step(connection) ? refresh : null;
        } else {
            return begin(System.nanoTime());
        }
        return true;
    }

    private boolean begin(long now) {
        long lastUnanswered = unanswered;
        boolean isDue = lastUnanswered != 0 && now - lastUnanswered > ghostsNanos;
        if (isDue || forgotten) {
            unanswered = isDue ? 0 : lastUnanswered;
            forgotten = false;
            ghosts = Sweep.ofGhosts(settings.address(), keys, books);
            return true;
        }
        if (now - nextRefresh > 0) {
            nextRefresh = now + refreshNanos();
            refresh = BookWalk.refreshing(settings, keys, books);
            return true;
        }
        return false;
    }

    private void report(Sweep sweep, String what) {
        if (sweep.deleted() > 0) {
            LOG.log(
                    Level.INFO,
                    "tier remote: deleted {0} copies in {1} {2}",
                    sweep.deleted(),
                    settings.address(),
                    what);
        }
    }

    private void reportLost(BookWalk counted) {
        if (counted.missing() == 0) {
            LOG.log(Level.INFO, "tier remote: {0} has all {1} copies", settings.address(), counted.found());
        } else {
            LOG.log(
                    Level.WARNING,
                    "tier remote: {0} has lost {1} copies of {2}",
                    settings.address(),
                    counted.missing(),
                    counted.found() + counted.missing());
        }
    }

    /** How long there is nothing to do, in nanoseconds, if nothing happens. */
    long restNanos() {
        long now = System.nanoTime();
        long lastUnanswered = unanswered;
        long rest = nextRefresh - now;
        return lastUnanswered == 0 ? rest : Math.min(rest, lastUnanswered + ghostsNanos - now);
    }

    /** Deletes all that is left of the session. */
    void end(Connection connection) throws Unusable {
        for (int shelf = 0; shelf < CopyBooks.shelves(); shelf++) {
            long[] ids = books.ids(shelf, Which.ALL);
            for (int from = 0; from < ids.length; from += UNLINKED_AT_ONCE) {
                long[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + UNLINKED_AT_ONCE));
                byte[][] names = Arrays.stream(some).mapToObj(keys::key).toArray(byte[][]::new);
                Waiting.get(connection.commands().unlink(names), settings.address());
            }
        }
        Waiting.get(connection.commands().unlink(keys.lease()), settings.address());
    }
}
