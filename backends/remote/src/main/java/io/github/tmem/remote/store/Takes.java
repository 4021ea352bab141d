package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import io.github.tmem.remote.store.Tickets.Name;
import io.github.tmem.remote.store.Tickets.Ticket;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Gets that take a page which must not be lost. One that is not answered may have taken the page; then the node keeps it, and
 * the next take of the page here asks for it with the same ticket.
 */
final class Takes {
    private final NodePool pool;
    private final Tickets tickets;
    private final long number;

    Takes(NodePool pool, Tickets tickets, long number) {
        this.pool = pool;
        this.tickets = tickets;
        this.number = number;
    }

    /** Takes a page, and waits for it. */
    boolean take(ObjectId object, long index, MemorySegment destination) {
        Name name = new Name(number, object, index);
        boolean hit;
        do {
            pool.checkOpen();
            Ticket ticket = tickets.begin(name, pool.timeoutNanos());
            hit = take(name, ticket, destination);
        } while (!hit && tickets.isDoubtful(name)); // another take of it was given up, too
        return hit;
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
        if (pool.isClosed()) {
            tickets.forget(number); // closing it has done so, perhaps before this
        }
    }

    /** Whether a take was answered, with an error. An answer that could not be delivered is to be given again. */
    private static boolean isAnswer(Throwable failure) {
        return failure instanceof io.github.tmem.api.TmemException && !(failure instanceof NoAnswer);
    }

    /** Takes a page without waiting. */
    CompletableFuture<Boolean> takeAsync(ObjectId object, long index, MemorySegment destination) {
        Name name = new Name(number, object, index);
        pool.checkOpen();
        Ticket ticket = tickets.begin(name, pool.timeoutNanos());
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
                .thenCompose(hit -> !hit && tickets.isDoubtful(name)
                        ? takeAsync(object, index, destination)
                        : CompletableFuture.completedFuture(hit));
    }
}
