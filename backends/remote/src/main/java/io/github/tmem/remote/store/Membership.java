package io.github.tmem.remote.store;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What this program is to one run of the node: a session, to which its pools belong. Once it is over it is over for good.
 * Thread-safe.
 */
final class Membership {
    private final String runId;
    private final String session;
    private final Tickets tickets = new Tickets();
    /** Numbers of pools that are closed here, and of which the node is still to hear. */
    private final Queue<Long> owedCloses = new ConcurrentLinkedQueue<>();

    private volatile @Nullable String end;
    private long turn; // of the link's thread

    Membership(String runId, String session) {
        this.runId = runId;
        this.session = session;
    }

    String runId() {
        return runId;
    }

    String session() {
        return session;
    }

    Tickets tickets() {
        return tickets;
    }

    Queue<Long> owedCloses() {
        return owedCloses;
    }

    /** The number of the next connection: higher than that of all before. */
    long nextTurn() {
        return ++turn;
    }

    /** Why it is over; null if it is not. */
    @Nullable
    String end() {
        return end;
    }

    void end(String why) {
        end = why;
    }
}
