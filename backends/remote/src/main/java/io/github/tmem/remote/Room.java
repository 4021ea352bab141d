package io.github.tmem.remote;

import io.github.tmem.api.config.ConfigException;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of copies a tier has and may have, over all its servers. Thread-safe. */
final class Room {
    private final AtomicLong usedBytes = new AtomicLong();
    private volatile long capacityBytes;

    Room(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /** Takes room; false, and nothing taken, if there is not so much. */
    boolean take(int bytes) {
        while (true) {
            long before = usedBytes.get();
            if (before + bytes > capacityBytes) {
                return false;
            }
            if (usedBytes.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    /** As {@link io.github.tmem.api.spi.Backend#resize}. */
    long resize(long newCapacityBytes) {
        if (newCapacityBytes < 1) {
            throw new ConfigException("capacity " + newCapacityBytes + " B cannot be used; allowed: at least 1 B");
        }
        capacityBytes = newCapacityBytes;
        return newCapacityBytes;
    }

    long usedBytes() {
        return usedBytes.get();
    }

    long capacityBytes() {
        return capacityBytes;
    }
}
