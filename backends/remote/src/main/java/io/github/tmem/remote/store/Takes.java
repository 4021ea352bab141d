package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.remote.store.Tickets.Name;
import io.github.tmem.remote.store.Tickets.Ticket;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The gets of one pool that take a page which must not be lost. One that is not answered may have taken the page; then the node
 * keeps it, and the next take of the page here asks for it with the same ticket, unless it was given back before. Thread-safe.
 */
final class Takes {
    private final NodePool pool;
    private final Tickets tickets;
    private final long number;
    private int underWay; // guarded by this
    private boolean ended; // guarded by this

    Takes(NodePool pool, Tickets tickets, long number) {
        this.pool = pool;
        this.tickets = tickets;
        this.number = number;
    }

    /** Takes a page, and waits for it. */
    boolean take(ObjectId object, long index, MemorySegment destination) {
        Name name = new Name(number, object, index);
        while (true) {
            Ticket ticket = begin(name);
            boolean hit = take(name, ticket, destination);
            if (hit || isCertain(name, ticket)) {
                return hit;
            }
        }
    }

    private Ticket begin(Name name) {
        pool.checkOpen();
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

    /** Whether a miss is one: no other take of the page was given up, nor was its page on the way back to the pool. */
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

    private boolean take(Name name, Ticket ticket, MemorySegment destination) {
        Call<Boolean> call = pool.requests().take(name.object(), name.index(), ticket.number(), destination);
        boolean answered = false;
        try {
            boolean hit = pool.ask(call);
            answered = true;
            return hit;
        } catch (RuntimeException failure) {
            answered = isAnswer(failure);
            throw failure;
        } finally {
            settle(name, ticket, call, answered);
        }
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
        return failure instanceof io.github.tmem.api.TmemException && !(failure instanceof NoAnswer);
    }

    /** Takes a page without waiting. */
    CompletableFuture<Boolean> takeAsync(ObjectId object, long index, MemorySegment destination) {
        Name name = new Name(number, object, index);
        Ticket ticket = begin(name);
        Call<Boolean> call = pool.requests().take(object, index, ticket.number(), destination);
        try {
            pool.send(call);
        } catch (RuntimeException failure) {
            settle(name, ticket, call, false);
            throw failure;
        }
        return call.async(pool.timeoutNanos(), pool::failure)
                .whenComplete((hit, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    settle(name, ticket, call, cause == null || isAnswer(cause));
                })
                .thenCompose(hit -> hit || isCertain(name, ticket)
                        ? CompletableFuture.completedFuture(hit)
                        : takeAsync(object, index, destination));
    }
}
