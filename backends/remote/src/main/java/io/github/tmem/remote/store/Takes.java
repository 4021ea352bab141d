package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import io.github.tmem.remote.store.Tickets.Name;
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
            long ticket = tickets.begin(name, pool.timeoutNanos());
            hit = take(name, ticket, destination);
        } while (!hit && tickets.isDoubtful(name)); // another take of it was given up, too
        return hit;
    }

    private boolean take(Name name, long ticket, MemorySegment destination) {
        boolean answered = false;
        try {
            boolean hit = pool.ask(pool.requests().take(name.object(), name.index(), ticket, destination));
            answered = true;
            return hit;
        } catch (RuntimeException failure) {
            answered = isAnswer(failure);
            throw failure;
        } finally {
            settle(name, ticket, answered);
        }
    }

    private void settle(Name name, long ticket, boolean answered) {
        if (answered) {
            tickets.answered(ticket);
        } else {
            tickets.unanswered(name, ticket);
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
        long ticket = tickets.begin(name, pool.timeoutNanos());
        Call<Boolean> call = pool.requests().take(object, index, ticket, destination);
        try {
            pool.send(call);
        } catch (RuntimeException failure) {
            tickets.unanswered(name, ticket);
            throw failure;
        }
        return call.async(pool.timeoutNanos(), pool::failure)
                .whenComplete((hit, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    settle(name, ticket, cause == null || isAnswer(cause));
                })
                .thenCompose(hit -> !hit && tickets.isDoubtful(name)
                        ? takeAsync(object, index, destination)
                        : CompletableFuture.completedFuture(hit));
    }
}
