package io.github.tmem.remote.store;

import io.lettuce.core.RedisCommandExecutionException;
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
    private final Tickets tickets;
    /** Numbers of pools that are closed here, and of which the node is still to hear. */
    private final Queue<Long> owedCloses = new ConcurrentLinkedQueue<>();

    private volatile @Nullable String end;
    private long turn; // of the link's thread
    private long lastPool = -1; // guarded by this

    /**
     * A session that has begun.
     *
     * @param shortage as in {@link Tickets#Tickets}
     */
    Membership(String runId, String session, Runnable shortage) {
        this.runId = runId;
        this.session = session;
        tickets = new Tickets(shortage);
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

    /** A number for a pool that is to be opened: also one whose opening is not answered can be closed then. */
    synchronized long nextPool() {
        return ++lastPool;
    }

    /**
     * Closes a pool from which nothing is taken any more. What was taken and not delivered is given back. When it is answered
     * the close is owed no more, unless the answer is that a page cannot be put back now.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what is not answered stays owed
    Call<Boolean> close(long pool) {
        Call<Boolean> call = Requests.close(pool, tickets.of(pool));
        call.answer().whenComplete((answer, failure) -> {
            if (failure == null || isRefusal(failure)) {
                tickets.forget(pool);
                owedCloses.remove(pool);
            }
        });
        return call;
    }

    /** Whether the node has no such pool, or not any more. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && !String.valueOf(failure.getMessage()).startsWith("UNAVAILABLE ");
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
