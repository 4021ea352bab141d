package io.github.tmem.remote.store;

import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Unusable.Fault;
import io.github.tmem.remote.store.Tickets.Parked;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandArgs;
import java.util.List;
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

    /** Whether the node has no such pool, or not any more. Any other error says nothing of that. */
    private static boolean isRefusal(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && (message.startsWith("CLOSED ") || message.startsWith("ERR no pool has this number"));
    }

    /** The number of the next connection: higher than that of all before. */
    long nextTurn() {
        return ++turn;
    }

    /**
     * Says what the node is still to hear: which pages have come, which were taken and will not be asked for, which pools were
     * closed.
     *
     * @param connection one behind whose fence nothing else of this program runs
     */
    void payDues(Link link, Connection connection) throws Unusable {
        List<Long> came = tickets.unsaid();
        boolean heard = came.isEmpty();
        try {
            heard = heard || link.ask(connection, new Call<>(Order.TAKEN, arguments(came), Answers::done));
        } finally {
            if (!heard) {
                tickets.unheard(came);
            }
        }
        payReturns(link, connection);
        payCloses(link, connection);
    }

    private static CommandArgs<byte[], byte[]> arguments(List<Long> tickets) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments();
        tickets.forEach(arguments::add);
        return arguments;
    }

    /** Gives back what takes have taken that were given up. What the node cannot put back now stays with it. */
    private void payReturns(Link link, Connection connection) throws Unusable {
        List<Parked> given = tickets.returns();
        if (given.isEmpty()) {
            return;
        }
        CommandArgs<byte[], byte[]> arguments =
                arguments(given.stream().map(Parked::ticket).toList());
        try {
            List<Boolean> done = link.ask(connection, new Call<>(Order.RETURN, arguments, Answers::flags));
            for (int i = 0; i < Math.min(given.size(), done.size()); i++) {
                if (done.get(i)) {
                    tickets.settled(given.get(i));
                }
            }
        } finally {
            given.forEach(tickets::unsettled);
        }
    }

    /** Closes pools that were closed here; one that the node has closed already is an error there, and right. */
    void payCloses(Link link, Connection connection) throws Unusable {
        for (Long pool : List.copyOf(owedCloses)) {
            try {
                link.ask(connection, close(pool));
            } catch (Unusable unusable) {
                if (unusable.fault() != Fault.MISCONFIGURED) {
                    throw unusable;
                }
            }
        }
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
