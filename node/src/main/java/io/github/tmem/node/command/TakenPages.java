package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.io.Serial;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pages that were taken out of a pool and must not be lost: each is kept until who took it says, or shows, that he has it. Who
 * asks again with the same ticket gets it again, unless the key was put or flushed meanwhile.
 *
 * <p>A ticket is a number that grows; its rest by {@link #LANES} is its lane. A session has one page at most in each lane: the
 * next ticket of a lane says that the answer to the one before has come. Who has not got a page and does not want to ask again
 * gives it back: it is in its pool then, unless its key was put or flushed meanwhile. Thread-safe.
 */
final class TakenPages {
    /** The most pages a session may have taken without having said so. */
    static final int LANES = 64;

    /** The most bytes that are kept for all sessions. */
    static final long BYTES_MAX = 64L << 20;

    /** The most bytes that are kept for one session, so that none has the room of all. */
    static final long SESSION_BYTES_MAX = 8L << 20;

    private static final Logger LOG = System.getLogger(TakenPages.class.getName());
    private static final int STRIPES = 256;

    private final AtomicLong bytes = new AtomicLong();
    private final Map<Session, Long> bytesBySession = new ConcurrentHashMap<>();
    private final Map<Lane, Taken> byLane = new ConcurrentHashMap<>();

    /** By key, in stripes: each is the lock of its keys, under which they are taken and changed. */
    private final List<Map<Name, Taken>> stripes = Stream.generate(() -> (Map<Name, Taken>) new HashMap<Name, Taken>())
            .limit(STRIPES)
            .toList();

    /** Objects that are being flushed, and how often. */
    private final Map<Flushed, Integer> flushing = new ConcurrentHashMap<>();

    private record Lane(Session session, long number) {}

    /** An object of a pool, or all of them. */
    private record Flushed(Object pool, @Nullable ObjectId object) {
        boolean has(Name name) {
            return name.pool.equals(pool) && (object == null || name.object.equals(object));
        }
    }

    private record Name(Object pool, ObjectId object, long index) {}

    /** There is less room than a value has bytes. */
    static final class TooLong extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int length;

        private TooLong(int length) {
            super("no room for " + length + " bytes", null, false, false);
            this.length = length;
        }

        static void check(int length, int room) {
            if (length > room) {
                throw new TooLong(length);
            }
        }

        int length() {
            return length;
        }
    }

    private static final class Taken {
        final long pool;
        final Name name;
        final Lane lane;
        final long ticket;
        final byte[] page;

        Taken(long pool, Name name, Lane lane, long ticket, byte[] page) {
            this.pool = pool;
            this.name = name;
            this.lane = lane;
            this.ticket = ticket;
            this.page = page;
        }
    }

    /** The tickets that are the arguments of a request from one on. */
    static long[] tickets(Request request, int from) {
        return IntStream.range(from, request.count())
                .mapToLong(request::number)
                .peek(ticket -> {
                    if (ticket < 0) {
                        throw new RequestException("ERR a ticket is not negative");
                    }
                })
                .toArray();
    }

    private Map<Name, Taken> stripe(Name name) {
        int hash = name.hashCode() * 0x9E3779B9;
        return stripes.get(hash >>> 24);
    }

    /**
     * Takes a page out of its pool, or gives it again to who took it with this ticket; null if there is none.
     *
     * @param number the number of the pool in the session
     * @throws TooLong if it has more bytes than there is room for; it was not taken now
     */
    byte @Nullable [] take(Session session, long ticket, long number, ObjectId object, long index, int room) {
        Opened pool = session.pools().get(number);
        Lane lane = new Lane(session, ticket % LANES);
        Name name = new Name(pool.identity(), object, index);
        Taken last = byLane.get(lane);
        if (last != null && last.ticket > ticket) {
            throw new RequestException("ERR a later ticket of this lane was used");
        }
        if (last != null && (last.ticket < ticket || !last.name.equals(name))) {
            drop(last);
        }
        Map<Name, Taken> stripe = stripe(name);
        Taken taken;
        Taken other;
        synchronized (stripe) {
            Taken held = stripe.get(name);
            if (held != null && held.lane.equals(lane) && held.ticket == ticket) {
                TooLong.check(held.page.length, room);
                return held.page;
            }
            byte[] page = take(session, pool, object, index, room);
            if (page == null) {
                return null;
            }
            taken = new Taken(number, name, lane, ticket, page);
            forget(stripe, name);
            stripe.put(name, taken);
            other = byLane.put(lane, taken);
        }
        if (other != null) {
            drop(other);
        }
        return taken.page;
    }

    private byte @Nullable [] take(Session session, Opened pool, ObjectId object, long index, int room) {
        int length = pool.length(object, index);
        while (length != Opened.NONE) {
            TooLong.check(length, room);
            byte[] page = new byte[length];
            length = take(session, pool, object, index, page);
            if (length == page.length) {
                return page;
            }
            if (length != Opened.NONE && length < page.length) { // replaced by a shorter one meanwhile
                return Arrays.copyOf(page, length);
            }
        }
        return null;
    }

    private int take(Session session, Opened pool, ObjectId object, long index, byte[] page) {
        int length = page.length;
        int kept = 0;
        try {
            boolean tooMany = bytesBySession.merge(session, (long) length, Long::sum) > SESSION_BYTES_MAX;
            if (bytes.addAndGet(length) > BYTES_MAX || tooMany) {
                throw new RequestException("UNAVAILABLE too many pages were taken whose takers have not said that they"
                        + " have them; ask again later");
            }
            int found = pool.take(object, index, page);
            kept = found <= length ? Math.max(0, found) : 0;
            return found;
        } finally {
            release(session, length - kept);
        }
    }

    private void release(Session session, int length) {
        bytes.addAndGet(-length);
        bytesBySession.computeIfPresent(session, (key, held) -> held == length ? null : held - length);
    }

    /**
     * Puts or flushes a page: one that was taken before is not given again, unless {@code changed} tells that nothing was
     * changed, or what is thrown: that the arguments are wrong, or the pool is closed.
     */
    <T> T change(Opened pool, ObjectId object, long index, Supplier<T> change, Predicate<T> changed) {
        Name name = new Name(pool.identity(), object, index);
        Map<Name, Taken> stripe = stripe(name);
        synchronized (stripe) {
            boolean obsolete = true;
            try {
                T result = change.get();
                obsolete = changed.test(result);
                return result;
            } catch (IllegalArgumentException | PoolClosedException unchanged) {
                obsolete = false;
                throw unchanged;
            } finally {
                if (obsolete) {
                    forget(stripe, name);
                }
            }
        }
    }

    /** Flushes an object: its pages that were taken before are neither given again nor put back. */
    long flushObject(OpenPool pool, ObjectId object) {
        return flush(new Flushed(pool.identity(), object), () -> pool.pool().flushObject(object));
    }

    /** Flushes all values, in the same way. */
    long flushAll(OpenValues values) {
        return flush(new Flushed(values.identity(), null), () -> values.pool().flushAll());
    }

    private long flush(Flushed flushed, LongSupplier flush) {
        flushing.merge(flushed, 1, Integer::sum);
        try {
            long pages = flush.getAsLong();
            forget(flushed);
            return pages;
        } finally {
            flushing.computeIfPresent(flushed, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    private boolean isFlushed(Name name) {
        return flushing.containsKey(new Flushed(name.pool, name.object))
                || flushing.containsKey(new Flushed(name.pool, null));
    }

    private void forget(Flushed flushed) {
        for (Map<Name, Taken> stripe : stripes) {
            synchronized (stripe) {
                stripe.keySet().stream().filter(flushed::has).toList().forEach(name -> forget(stripe, name));
            }
        }
    }

    /**
     * Puts the page back that was taken with this ticket: who took it has not got it, and does not ask again.
     *
     * @return whether nothing is kept under the ticket any more; if not, the pool refuses the page at the moment
     */
    boolean giveBack(Session session, long ticket) {
        Taken taken = byLane.get(new Lane(session, ticket % LANES));
        if (taken == null || taken.ticket != ticket) {
            return true;
        }
        Opened pool = session.pools().find(taken.pool);
        if (pool == null) {
            drop(taken); // it was closed meanwhile
            return true;
        }
        Map<Name, Taken> stripe = stripe(taken.name);
        synchronized (stripe) {
            if (taken.equals(stripe.get(taken.name))) {
                if (!putBack(pool, taken)) {
                    return false;
                }
                forget(stripe, taken.name);
            }
        }
        byLane.remove(taken.lane, taken);
        return true;
    }

    /** The caller has the lock of the key: no single put or flush of it comes between. A flush of its object may. */
    private boolean putBack(Opened pool, Taken taken) {
        Name name = taken.name;
        try {
            boolean stored = pool.putBack(name.object, name.index, taken.page);
            if (stored && isFlushed(name)) { // by one that does not end before the lock is free
                pool.flush(name.object, name.index);
            }
            return stored;
        } catch (PoolClosedException gone) {
            return true; // with all its pages
        }
    }

    /** The answer to this ticket has come. */
    void acknowledge(Session session, long ticket) {
        Taken taken = byLane.get(new Lane(session, ticket % LANES));
        if (taken != null && taken.ticket == ticket) {
            drop(taken);
        }
    }

    /** Forgets what a session took by one of its numbers; another may be of the same pool. */
    void forget(Session session, long number) {
        forget(session, taken -> taken.pool == number);
    }

    /** Forgets what a session took: it has ended. Nobody knows whether that has come, so it is neither put back nor lost. */
    void forget(Session session) {
        int unclaimed = forget(session, taken -> true);
        if (unclaimed > 0) {
            LOG.log(Level.WARNING, "event=pages-unclaimed session=" + session.id() + " pages=" + unclaimed);
        }
    }

    private int forget(Session session, Predicate<Taken> which) {
        int forgotten = 0;
        for (int lane = 0; lane < LANES; lane++) {
            Taken taken = byLane.get(new Lane(session, lane));
            if (taken != null && which.test(taken)) {
                drop(taken);
                forgotten++;
            }
        }
        return forgotten;
    }

    private void drop(Taken taken) {
        Map<Name, Taken> stripe = stripe(taken.name);
        synchronized (stripe) {
            if (taken.equals(stripe.get(taken.name))) {
                forget(stripe, taken.name);
            }
        }
        byLane.remove(taken.lane, taken);
    }

    private void forget(Map<Name, Taken> stripe, Name name) {
        Taken taken = stripe.remove(name);
        if (taken != null) {
            release(taken.lane.session, taken.page.length);
            byLane.remove(taken.lane, taken);
        }
    }

    /** How many pages are kept: they were taken, and their takers have not said that they have them. A moment's figure. */
    int unclaimed() {
        return byLane.size();
    }

    /** The bytes that are kept. */
    long bytes() {
        return bytes.get();
    }
}
