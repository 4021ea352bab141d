package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of a keyed tier, counted in front of the engine: reserved before a copy is sent, released when its flush is
 * acknowledged (L10). While a persistent put makes room, freed bytes are kept from ephemeral puts. Thread-safe.
 */
final class ByteBudget {
    private volatile long capacity;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger persistentWaiting = new AtomicInteger();

    ByteBudget(long capacity) {
        this.capacity = capacity;
    }

    /** How many bytes may be reserved together. */
    long capacity() {
        return capacity;
    }

    /** Changes the budget; what is reserved above it stays reserved until it is released. */
    void resize(long newCapacity) {
        capacity = newCapacity;
    }

    /** Takes bytes from the budget; false if they are not there. */
    boolean reserve(PageKind kind, int bytes) {
        if (kind == PageKind.EPHEMERAL && isKeptForPersistent()) {
            return false;
        }
        while (true) {
            long before = used.get();
            if (before + bytes > capacity) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Whether a persistent copy of this length fits now. */
    boolean hasRoom(int bytes) {
        return used.get() + bytes <= capacity;
    }

    /** Whether freed bytes are being kept for persistent pages. */
    boolean isKeptForPersistent() {
        return persistentWaiting.get() > 0;
    }

    void release(long bytes) {
        long after = used.addAndGet(-bytes);
        assert after >= 0 : "released more than was reserved";
    }

    /** Begins to keep freed bytes for persistent pages. End with {@link #endWaiting}. */
    void beginWaiting() {
        persistentWaiting.incrementAndGet();
    }

    void endWaiting() {
        persistentWaiting.decrementAndGet();
    }

    long used() {
        return used.get();
    }
}
