package io.github.tmem.node.command;

import io.github.tmem.node.resp.RequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The pools of a connection or a session by their numbers, which are not given twice. Thread-safe. */
final class OpenPools {
    private static final Logger LOG = System.getLogger(OpenPools.class.getName());
    private static final int POOLS_MAX = 1024;
    private static final long NUMBER_MAX = 1L << 62;
    /** In the place of the number a pool is to have: the next. */
    static final long ANY = -1;

    private final Map<Long, Opened> byNumber = new ConcurrentHashMap<>();
    private volatile long next;

    /** Whether there is room for one more, which is to have this number. */
    void check(long wanted) {
        checkNumber(wanted);
        if (byNumber.size() >= POOLS_MAX) {
            throw new RequestException(
                    "ERR too many pools; allowed: " + POOLS_MAX + " at a time in a connection or session");
        }
    }

    /**
     * Adds a pool; returns its number.
     *
     * @param wanted the number it is to have, or {@link #ANY}
     * @throws RequestException if the number, or a later one, was given before
     */
    synchronized long add(Opened pool, long wanted) {
        checkNumber(wanted);
        long number = wanted == ANY ? next : wanted;
        byNumber.put(number, pool);
        next = number + 1;
        return number;
    }

    private void checkNumber(long wanted) {
        if (wanted != ANY && (wanted < next || wanted > NUMBER_MAX)) {
            throw new RequestException(
                    "ERR the number of a pool is above those given before; allowed: " + next + " to " + NUMBER_MAX);
        }
    }

    /** A pool of pages. */
    OpenPool pages(long number) {
        if (get(number) instanceof OpenPool pool) {
            return pool;
        }
        throw new RequestException("ERR the pool is one of values");
    }

    /** A pool of values. */
    OpenValues values(long number) {
        if (get(number) instanceof OpenValues pool) {
            return pool;
        }
        throw new RequestException("ERR the pool is one of pages");
    }

    /** A pool of whatever sort. */
    Opened get(long number) {
        Opened pool = byNumber.get(number);
        if (pool == null) {
            throw unknown(number);
        }
        return pool;
    }

    /** Gives a number up. */
    Opened remove(long number) {
        Opened pool = byNumber.remove(number);
        if (pool == null) {
            throw unknown(number);
        }
        return pool;
    }

    private RequestException unknown(long number) {
        if (number >= 0 && number < next) {
            return new RequestException("CLOSED the pool was closed");
        }
        return new RequestException("ERR no pool has this number; TMEM.OPEN gives one");
    }

    /** Gives up all of them. One that cannot be closed is logged, and keeps nothing else. */
    void leaveAll() {
        for (Long number : Set.copyOf(byNumber.keySet())) {
            Opened pool = byNumber.remove(number);
            if (pool != null) {
                leave(pool);
            }
        }
    }

    private static void leave(Opened pool) {
        try {
            pool.leave();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "event=close-failed pool=" + pool.settings().name(), e);
        }
    }
}
