package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers under which pages are taken that must not get lost. The node keeps a page until the next ticket of the same lane,
 * and gives it again for the same ticket. So a lane is not used again before its answer has come; that of a take which was
 * given up is kept for the next take of the same page. Thread-safe.
 */
final class Tickets {
    /** As many takes are under way at a time. */
    static final int LANES = 64;

    private final long[] last = new long[LANES];
    /** The lane used last is used next, so that the node keeps few pages for one who takes one after the other. */
    private final Deque<Integer> free = new ArrayDeque<>();

    private final Map<Name, Deque<Long>> doubtful = new HashMap<>();
    private final List<Long> unsaid = new ArrayList<>();

    /** A page of a pool. */
    record Name(long pool, ObjectId object, long index) {}

    Tickets() {
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
    synchronized long begin(Name name, long nanos) {
        Deque<Long> given = doubtful.get(name);
        if (given != null) {
            long ticket = given.pop();
            if (given.isEmpty()) {
                doubtful.remove(name);
            }
            return ticket;
        }
        awaitLane(nanos);
        int lane = free.pop();
        last[lane] += LANES;
        unsaid.removeIf(ticket -> ticket % LANES == lane);
        return last[lane];
    }

    private void awaitLane(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (free.isEmpty()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new NoAnswer(
                            LANES + " pages are being taken, or were taken and not delivered; a get of such a"
                                    + " page delivers it");
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
    synchronized void answered(long ticket) {
        free.push((int) (ticket % LANES));
        unsaid.add(ticket);
        notifyAll();
    }

    /** The take was given up: the node may keep the page. */
    synchronized void unanswered(Name name, long ticket) {
        doubtful.computeIfAbsent(name, key -> new ArrayDeque<>()).add(ticket);
    }

    /** Whether the node may keep this page. */
    synchronized boolean isDoubtful(Name name) {
        return doubtful.containsKey(name);
    }

    /** A pool was closed: nobody takes its pages any more. */
    synchronized void forget(long pool) {
        doubtful.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey().pool() == pool;
            if (gone) {
                entry.getValue().forEach(ticket -> free.push((int) (ticket % LANES)));
            }
            return gone;
        });
        notifyAll();
    }

    /** Tickets that were answered, and of which the node does not know that yet; each is told once. */
    synchronized List<Long> unsaid() {
        List<Long> all = List.copyOf(unsaid);
        unsaid.clear();
        return all;
    }
}
