package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests do with the pages of one object of a pool: each page says its key and version. For any thread. */
abstract class WirePages {
    /** The object. */
    static final ObjectId FILE = ObjectId.of(1);

    private static final long POLL_NANOS = 500_000;

    abstract PagePool pool();

    static PageKey key(long index) {
        return new PageKey(FILE, index);
    }

    PutResult put(long index, long version) {
        return pool().put(FILE, index, Pages.make(key(index), version, Shape.INCOMPRESSIBLE, pool().pageSize()));
    }

    /** Puts a page as often as it takes until it is stored. */
    void putAtLast(long index, long version) {
        await(() -> put(index, version).stored());
    }

    /** The version a get delivers, or 0 on a miss. */
    long get(long index) {
        return Delivery.get(pool(), key(index));
    }

    /** As {@link #get}, asked again while the peer is out of reach. */
    long getAtLast(long index) {
        AtomicLong version = new AtomicLong();
        await(() -> {
            try {
                version.set(get(index));
                return true;
            } catch (PageUnavailableException e) {
                return false;
            }
        });
        return version.get();
    }

    /** Puts a page and gets it, as often as it takes until an impatient tier delivers it. */
    void putAndGetAtLast(long index, long version) {
        await(() -> {
            long got = put(index, version).stored() ? getAtLast(index) : 0;
            assertThat(got).isIn(0L, version);
            return got == version;
        });
    }

    boolean isUnavailable(long index) {
        try {
            get(index);
            return false;
        } catch (PageUnavailableException e) {
            return true;
        }
    }

    boolean isLost(long index) {
        try {
            get(index);
            return false;
        } catch (PageLostException e) {
            return true;
        }
    }

    /** As {@link #isLost}, asked again while the peer is out of reach. */
    boolean isLostAtLast(long index) {
        await(() -> {
            try {
                return !isUnavailable(index);
            } catch (PageLostException e) {
                return true;
            }
        });
        return isLost(index);
    }

    boolean flush(long index) {
        return pool().flush(FILE, index);
    }

    /** Flushes page 0: the {@code "page"}, or the whole {@code "object"}. */
    boolean flush(String what) {
        return what.equals("page") ? flush(0) : pool().flushObject(FILE) == 1;
    }

    /** Waits for what the background or the peer is about to do, and leaves the processor to them. */
    static void await(BooleanSupplier condition) {
        Race.until(() -> {
            boolean met = condition.getAsBoolean();
            if (!met) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            return met;
        });
    }
}
