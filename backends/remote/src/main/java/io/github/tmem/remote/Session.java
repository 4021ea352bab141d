package io.github.tmem.remote;

import io.github.tmem.remote.CopyBooks.Which;
import io.github.tmem.remote.Server.Connection;
import io.lettuce.core.SetArgs;
import java.lang.System.Logger.Level;
import java.util.Arrays;
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

    private final RemoteSettings settings;
    private final CopyKeys keys;
    private final CopyBooks books;
    private final long ghostsNanos;
    private @Nullable Sweep endedSessions;
    private @Nullable Sweep ghosts;
    private @Nullable Refresh refresh;
    private long nextRefresh;

    /** When a put was last left without an answer, 0 if that has been seen to. */
    private volatile long unanswered;

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

    /** Takes or renews the lease. */
    void renew(Connection connection) throws Unusable {
        SetArgs args = SetArgs.Builder.px(settings.ttl());
        Waiting.get(connection.commands().set(keys.lease(), LEASE, args), settings.address());
    }

    /** Whether the server still knows of the lease: if not, it has been emptied, or did not hear of this session for long. */
    boolean isKnown(Connection connection) throws Unusable {
        return Waiting.get(connection.commands().exists(keys.lease()), settings.address()) > 0;
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
        } else if (refresh != null) {
            refresh = refresh.step(connection) ? refresh : null;
        } else {
            return begin(System.nanoTime());
        }
        return true;
    }

    private boolean begin(long now) {
        long lastUnanswered = unanswered;
        if (lastUnanswered != 0 && now - lastUnanswered > ghostsNanos) {
            unanswered = 0;
            ghosts = Sweep.ofGhosts(settings.address(), keys, books);
            return true;
        }
        if (now - nextRefresh > 0) {
            nextRefresh = now + refreshNanos();
            refresh = new Refresh(settings, keys, books);
            return true;
        }
        return false;
    }

    private void report(Sweep sweep, String what) {
        if (sweep.deleted() > 0) {
            LOG.log(Level.INFO, "tier remote: deleted {0} copies in {1} {2}", sweep.deleted(), settings.address(), what);
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
