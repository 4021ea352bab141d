package io.github.tmem.remote.store;

import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.lettuce.core.RedisException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool that this program has opened at a node, whatever is in it: asks, and is closed. Thread-safe. */
abstract class NodeHandle {
    private final NodeStore store;
    private final Link link;
    private final Membership membership;
    private final long number;
    private final String name;
    private final Takes takes;
    private final Object lock = new Object();
    private boolean closing; // guarded by lock
    private volatile boolean closed;

    /** The pool that the node has under this number. */
    NodeHandle(NodeStore store, Membership membership, long number, String name) {
        this.store = store;
        this.link = store.link();
        this.membership = membership;
        this.number = number;
        this.name = name;
        takes = new Takes(this, membership.tickets());
    }

    public String name() {
        return name;
    }

    Takes takes() {
        return takes;
    }

    Tickets tickets() {
        return membership.tickets();
    }

    long number() {
        return number;
    }

    long timeoutNanos() {
        return link.timeoutNanos();
    }

    public boolean isClosed() {
        return closed || membership.end() != null;
    }

    public void close() {
        synchronized (lock) {
            if (closing || closed) {
                return;
            }
            closing = true;
        }
        takes.end(); // so that it is known what was taken and not delivered
        membership.owedCloses().add(number); // before anybody can open it anew
        closed = true;
        if (membership.end() != null) {
            return;
        }
        store.forget(this);
        try {
            Call<Boolean> call = membership.close(number);
            link.admit(call, 1);
            link.send(membership, call);
            await(call);
        } catch (PageUnavailableException e) {
            link.doubt(); // it is asked for again, at the latest before anything else is opened
        } catch (PoolClosedException e) {
            return; // the node closed it first
        }
    }

    /** Closes it here. */
    void markClosed() {
        closed = true;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param bytes how long the longer of them may be
     */
    <T> T ask(Call<T> call, int bytes) {
        send(call, bytes);
        return await(call);
    }

    /** Sends a request. */
    void send(Call<?> call, int bytes) {
        checkOpen();
        link.admit(call, bytes);
        link.send(membership, call);
    }

    /** Sends requests together. */
    void sendAll(List<? extends Call<?>> calls, int bytes) {
        checkOpen();
        int together = Link.together(bytes);
        for (int from = 0; from < calls.size(); from += together) {
            List<? extends Call<?>> some = calls.subList(from, Math.min(calls.size(), from + together));
            link.admit(some, bytes);
            some.forEach(call -> link.send(membership, call));
        }
    }

    <T> T await(Call<T> call) {
        return call.await(link.timeoutNanos(), this::failure);
    }

    void checkOpen() {
        @Nullable String end = membership.end();
        if (end != null) {
            throw ended(end);
        }
        if (closed) {
            throw new PoolClosedException("pool " + name + " is closed");
        }
    }

    /** Fails at once if there is no connection. */
    void checkReachable() {
        if (!link.isInUse()) {
            throw failure(new RedisException("there is no connection"));
        }
    }

    private PoolClosedException ended(String end) {
        return new PoolClosedException(
                "pool " + name + " is closed, and its pages are gone: " + end + "; open it again");
    }

    /** What a request that has failed throws. */
    RuntimeException failure(Throwable why) {
        @Nullable String end = membership.end();
        if (end != null) {
            return ended(end);
        }
        RuntimeException failure = Failures.of("pool " + name, link.address(), why);
        if (why instanceof NoAnswer) {
            link.distrust();
        } else if (Call.isLate(why)) {
            link.doubt();
        }
        return failure;
    }
}
