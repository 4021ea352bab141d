package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The numbers under which pages are taken that must not get lost. The node keeps a page until the next ticket of the same lane,
 * and gives it again for the same ticket. So a lane is not used again before its answer has come; that of a take which was
 * given up is kept for the next take of the same page, until the page is given back: then it is in its pool again, and the
 * lane is free. Thread-safe.
 */
final class Tickets {
    /** As many takes are under way at a time. */
    static final int LANES = 64;

    private final long[] last = new long[LANES];
    /** The lane used last is used next, so that the node keeps few pages for one who takes one after the other. */
    private final Deque<Integer> free = new ArrayDeque<>();

    private final Map<Name, Deque<Parked>> doubtful = new HashMap<>();
    /** Those whose pages are being given back: a take with them could come before that, and the page be there twice. */
    private final Set<Parked> returning = new HashSet<>();

    private final List<Long> unsaid = new ArrayList<>();
    private final Runnable shortage;
    private long parkings;

    /** A page of a pool. */
    record Name(long pool, ObjectId object, long index) {}

    /**
     * What a take asks with.
     *
     * @param asked whether a take that was given up has asked with it
     * @param returning whether the page is perhaps on its way back to the pool: a miss may have come before it
     */
    record Ticket(long number, boolean asked, boolean returning) {}

    /** The ticket of a take that was given up, and when that was: how many had been before. */
    record Parked(Name name, long ticket, long when) {}

    /**
     * Tickets of a session.
     *
     * @param shortage told when a take waits for a ticket while there are some that could be given back
     */
    Tickets(Runnable shortage) {
        this.shortage = shortage;
        for (int lane = LANES - 1; lane >= 0; lane--) {
            free.push(lane);
            last[lane] = (long) lane - LANES;
        }
    }

    /**
     * The ticket for a take: that of one that was given up, or else a new one, for which it may have to be waited.
     *
     * @throws NoAnswer if none becomes free in time
     */
    synchronized Ticket begin(Name name, long nanos) {
        awaitLane(name, nanos);
        boolean returns = isReturning(name); // not before the wait: much may have happened in it
        Deque<Parked> given = doubtful.get(name);
        if (given != null) {
            long ticket = given.pop().ticket();
            if (given.isEmpty()) {
                doubtful.remove(name);
            }
            return new Ticket(ticket, true, returns);
        }
        int lane = free.pop();
        last[lane] += LANES;
        unsaid.removeIf(ticket -> ticket % LANES == lane);
        return new Ticket(last[lane], false, returns);
    }

    private boolean isReturning(Name name) {
        return returning.stream().anyMatch(parked -> parked.name().equals(name));
    }

    /** Whether there is none left, but some that could be given back. */
    synchronized boolean isShort() {
        return free.isEmpty() && !doubtful.isEmpty();
    }

    private void awaitLane(Name name, long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        long told = -1;
        try {
            while (free.isEmpty() && !doubtful.containsKey(name)) {
                if (isShort() && told != parkings) { // once for what could not be given back
                    told = parkings;
                    shortage.run();
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new NoAnswer(
                            LANES + " pages are being taken, or were taken and not delivered; they go back to their"
                                    + " pools when the node answers and has room for them");
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The answer has come, and the page has been delivered, if there was one. */
    synchronized void answered(Ticket ticket) {
        unsaid.add(ticket.number());
        free(ticket.number());
    }

    /** The take was given up: the node may keep the page. */
    synchronized void unanswered(Name name, Ticket ticket) {
        park(new Parked(name, ticket.number(), parkings++));
    }

    private void park(Parked parked) {
        doubtful.computeIfAbsent(parked.name(), key -> new ArrayDeque<>()).add(parked);
        notifyAll();
    }

    /** The take was not sent, and will not be: with a new ticket nothing was asked. */
    synchronized void unsent(Name name, Ticket ticket) {
        if (ticket.asked()) {
            unanswered(name, ticket);
        } else {
            free(ticket.number());
        }
    }

    private void free(long ticket) {
        free.push((int) (ticket % LANES));
        notifyAll();
    }

    /** The time, for {@link #changed}: to be read before a change is sent. */
    synchronized long now() {
        return parkings;
    }

    /**
     * A change of the page was answered: the node does not keep what was taken before.
     *
     * @param before only takes that had been given up then; one that is later may have come behind the change
     */
    synchronized void changed(Name name, long before) {
        Deque<Parked> given = doubtful.get(name);
        if (given == null) {
            return;
        }
        given.removeIf(parked -> {
            boolean gone = parked.when() < before;
            if (gone) {
                free(parked.ticket());
            }
            return gone;
        });
        if (given.isEmpty()) {
            doubtful.remove(name);
        }
    }

    /** As {@link #changed(Name, long)} of all pages of an object. */
    synchronized void changed(long pool, ObjectId object, long before) {
        List.copyOf(doubtful.keySet()).stream()
                .filter(name -> name.pool() == pool && name.object().equals(object))
                .forEach(name -> changed(name, before));
    }

    /** As {@link #changed(Name, long)} of all pages of a pool. */
    synchronized void changed(long pool, long before) {
        List.copyOf(doubtful.keySet()).stream()
                .filter(name -> name.pool() == pool)
                .forEach(name -> changed(name, before));
    }

    /** Whether the node may keep this page. */
    synchronized boolean isDoubtful(Name name) {
        return doubtful.containsKey(name) || isReturning(name);
    }

    /** All takes that were given up: from now on nobody asks with their tickets, until each is {@link #settled}. */
    synchronized List<Parked> returns() {
        List<Parked> all = new ArrayList<>();
        doubtful.values().forEach(all::addAll);
        doubtful.clear();
        returning.addAll(all);
        return all;
    }

    /** The node keeps nothing under this ticket any more. */
    synchronized void settled(Parked returned) {
        if (returning.remove(returned)) {
            free(returned.ticket());
        }
    }

    /** What became of this one is not known, or the node could not put the page back: a take may ask for it again. */
    synchronized void unsettled(Parked returned) {
        if (returning.remove(returned)) {
            park(returned);
        }
    }

    /** The tickets of the takes from a pool that were given up. */
    synchronized List<Long> of(long pool) {
        return Stream.concat(returning.stream(), doubtful.values().stream().flatMap(Deque::stream))
                .filter(parked -> parked.name().pool() == pool)
                .map(Parked::ticket)
                .toList();
    }

    /** A pool was closed, and the pages that were taken from it are given back. */
    synchronized void forget(long pool) {
        doubtful.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey().pool() == pool;
            if (gone) {
                entry.getValue().forEach(parked -> free(parked.ticket()));
            }
            return gone;
        });
    }

    /** The node has not heard of these answered tickets after all. */
    synchronized void unheard(List<Long> tickets) {
        tickets.stream().filter(this::isLast).forEach(unsaid::add);
    }

    /** Whether no later ticket of the lane has said it already. */
    private boolean isLast(long ticket) {
        return last[(int) (ticket % LANES)] == ticket;
    }

    /** Tickets that were answered, and of which the node does not know that yet; each is told once. */
    synchronized List<Long> unsaid() {
        List<Long> all = List.copyOf(unsaid);
        unsaid.clear();
        return all;
    }
}
