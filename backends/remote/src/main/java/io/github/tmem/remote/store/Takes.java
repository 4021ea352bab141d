package io.github.tmem.remote.store;

import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.TmemException;
import io.github.tmem.remote.store.Tickets.Name;
import io.github.tmem.remote.store.Tickets.Ticket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;

/**
 * The gets of one pool that take what must not be lost. One that is not answered may have taken it; then the node keeps it, and
 * the next take of the key here asks for it with the same ticket, unless it was given back before. Thread-safe.
 */
final class Takes {
    /** In the place of the length of what was taken: there was nothing. */
    static final int NONE = -1;

    private final NodeHandle pool;
    private final Tickets tickets;
    private int underWay; // guarded by this
    private boolean ended; // guarded by this

    Takes(NodeHandle pool, Tickets tickets) {
        this.pool = pool;
        this.tickets = tickets;
    }

    /**
     * Takes, and waits for it.
     *
     * @param room the bytes there is room for
     * @param request makes the request for a ticket; its answer is the length of what was taken, or {@link #NONE}. What is longer
     *     than the room was not taken
     */
    int take(Name name, int room, LongFunction<Call<Integer>> request) {
        long begin = System.nanoTime();
        while (true) {
            Ticket ticket = begin(name);
            int length = take(name, ticket, room, request.apply(ticket.number()));
            if (length != NONE || isCertain(name, ticket)) {
                return length;
            }
            checkTime(begin);
        }
    }

    /** A miss that is none is asked again, for as long as one answer may take. */
    private void checkTime(long begin) {
        if (System.nanoTime() - begin > pool.timeoutNanos()) {
            throw new NoAnswer(
                    "pool " + pool.name() + ": what a get has taken that was given up is still on its way back");
        }
    }

    private Ticket begin(Name name) {
        pool.checkOpen();
        pool.checkReachable(); // or a ticket would be waited for that cannot come back
        synchronized (this) {
            if (ended) {
                throw new PoolClosedException("pool " + pool.name() + " is closed");
            }
            underWay++;
        }
        boolean begun = false;
        try {
            Ticket ticket = tickets.begin(name, pool.timeoutNanos());
            begun = true;
            return ticket;
        } finally {
            if (!begun) {
                leave();
            }
        }
    }

    private synchronized void leave() {
        underWay--;
        notifyAll();
    }

    /** Whether a miss is one: no other take of the key was given up, nor was what it took on the way back to the pool. */
    private boolean isCertain(Name name, Ticket ticket) {
        return !ticket.returning() && !tickets.isDoubtful(name);
    }

    /** No take begins any more; returns when none is under way: each has its answer or is given up. */
    void end() {
        boolean interrupted = false;
        synchronized (this) {
            ended = true;
            while (underWay > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int take(Name name, Ticket ticket, int room, Call<Integer> call) {
        boolean settled = false;
        try {
            int length = pool.ask(call, room);
            settled = isDelivered(ticket, length, room);
            return length;
        } catch (RuntimeException failure) {
            settled = isAnswer(failure);
            throw failure;
        } finally {
            settle(name, ticket, call, settled);
        }
    }

    /** Whether the node keeps nothing any more. What an earlier take has taken and this has no room for it does keep. */
    private static boolean isDelivered(Ticket ticket, int length, int room) {
        return length <= room || !ticket.asked();
    }

    private void settle(Name name, Ticket ticket, Call<?> call, boolean answered) {
        if (answered) {
            tickets.answered(ticket);
        } else if (call.isSent()) {
            tickets.unanswered(name, ticket);
        } else {
            tickets.unsent(name, ticket);
        }
        leave();
    }

    /** Whether a take was answered, with an error. An answer that could not be delivered is to be given again. */
    private static boolean isAnswer(Throwable failure) {
        return failure instanceof TmemException
                && !failure.getClass()
                        .equals(TmemException.class) // an error without a code: what it ended is not known
                && !(failure instanceof NoAnswer);
    }

    /** As {@link #take}, without waiting. */
    CompletableFuture<Integer> takeAsync(Name name, int room, LongFunction<Call<Integer>> request) {
        return takeAsync(name, room, request, System.nanoTime());
    }

    private CompletableFuture<Integer> takeAsync(Name name, int room, LongFunction<Call<Integer>> request, long begin) {
        Ticket ticket = begin(name);
        Call<Integer> call = request.apply(ticket.number());
        try {
            pool.send(call, room);
        } catch (RuntimeException failure) {
            settle(name, ticket, call, false);
            throw failure;
        }
        return call.async(pool.timeoutNanos(), pool::failure)
                .whenComplete((length, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    settle(name, ticket, call, cause == null ? isDelivered(ticket, length, room) : isAnswer(cause));
                })
                .thenCompose(length -> {
                    if (length != NONE || isCertain(name, ticket)) {
                        return CompletableFuture.completedFuture(length);
                    }
                    checkTime(begin);
                    return takeAsync(name, room, request, begin);
                });
    }
}
