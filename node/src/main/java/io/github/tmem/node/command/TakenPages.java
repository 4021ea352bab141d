package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.node.resp.RequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pages that were taken out of a pool and must not be lost: each is kept until who took it says, or shows, that he has it. Who
 * asks again with the same ticket gets it again, unless the key was put or flushed meanwhile.
 *
 * <p>A ticket is a number that grows; its rest by {@link #LANES} is its lane. A session has one page at most in each lane: the
 * next ticket of a lane says that the answer to the one before has come. Thread-safe.
 */
final class TakenPages {
    /** The most pages a session may have taken without having said so. */
    static final int LANES = 64;

    /** The most bytes that are kept for all sessions. */
    static final long BYTES_MAX = 64L << 20;

    /** The most bytes that are kept for one session, so that none has the room of all. */
    static final long SESSION_BYTES_MAX = 8L << 20;

    private static final int STRIPES = 256;

    private final AtomicLong bytes = new AtomicLong();
    private final Map<Session, Long> bytesBySession = new ConcurrentHashMap<>();
    private final Map<Lane, Taken> byLane = new ConcurrentHashMap<>();

    /** By key, in stripes: each is the lock of its keys, under which they are taken and changed. */
    private final List<Map<Name, Taken>> stripes = Stream.generate(() -> (Map<Name, Taken>) new HashMap<Name, Taken>())
            .limit(STRIPES)
            .toList();

    private record Lane(Session session, long number) {}

    private record Name(Object pool, ObjectId object, long index) {}

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

    private Map<Name, Taken> stripe(Name name) {
        int hash = name.hashCode() * 0x9E3779B9;
        return stripes.get(hash >>> 24);
    }

    /**
     * Takes a page out of its pool, or gives it again to who took it with this ticket; null if there is none.
     *
     * @param number the number of the pool in the session
     */
    byte @Nullable [] take(Session session, long ticket, long number, ObjectId object, long index) {
        OpenPool pool = session.pools().get(number);
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
        synchronized (stripe) {
            Taken held = stripe.get(name);
            if (held != null && held.lane.equals(lane) && held.ticket == ticket) {
                return held.page;
            }
            byte[] page = take(session, pool, object, index);
            if (page == null) {
                return null;
            }
            taken = new Taken(number, name, lane, ticket, page);
            forget(stripe, name);
            stripe.put(name, taken);
        }
        Taken other = byLane.put(lane, taken);
        if (other != null) {
            drop(other);
        }
        return taken.page;
    }

    private byte @Nullable [] take(Session session, OpenPool pool, ObjectId object, long index) {
        int length = pool.pool().pageSize();
        boolean hit = false;
        try {
            boolean tooMany = bytesBySession.merge(session, (long) length, Long::sum) > SESSION_BYTES_MAX;
            if (bytes.addAndGet(length) > BYTES_MAX || tooMany) {
                throw new RequestException("UNAVAILABLE too many pages were taken whose takers have not said that they"
                        + " have them; ask again later");
            }
            byte[] page = new byte[length];
            hit = pool.pool().get(object, index, page);
            return hit ? page : null;
        } finally {
            if (!hit) {
                release(session, length);
            }
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
    <T> T change(OpenPool pool, ObjectId object, long index, Supplier<T> change, Predicate<T> changed) {
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

    /** Forgets pages of an object that has been flushed. */
    void forget(OpenPool pool, ObjectId object) {
        Object identity = pool.identity();
        for (Map<Name, Taken> stripe : stripes) {
            synchronized (stripe) {
                stripe.keySet().stream()
                        .filter(name -> name.object.equals(object) && name.pool.equals(identity))
                        .toList()
                        .forEach(name -> forget(stripe, name));
            }
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

    /** Forgets what a session took. */
    void forget(Session session) {
        forget(session, taken -> true);
    }

    private void forget(Session session, Predicate<Taken> which) {
        for (int lane = 0; lane < LANES; lane++) {
            Taken taken = byLane.get(new Lane(session, lane));
            if (taken != null && which.test(taken)) {
                drop(taken);
            }
        }
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

    /** The bytes that are kept. */
    long bytes() {
        return bytes.get();
    }
}
