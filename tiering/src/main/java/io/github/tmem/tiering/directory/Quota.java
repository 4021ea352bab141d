package io.github.tmem.tiering.directory;

import java.util.concurrent.atomic.AtomicLong;

/** The most encoded bytes a pool may hold, and how many it holds. Never exceeded, not for a moment. Thread-safe. */
final class Quota {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    Quota(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds the difference a page makes, if that fits; returns whether it does. Less always fits. */
    boolean charge(int difference) {
        if (difference <= 0) {
            release(-difference);
            return true;
        }
        long held = bytes.get();
        while (held <= bytesMax - difference) {
            if (bytes.compareAndSet(held, held + difference)) {
                return true;
            }
            held = bytes.get();
        }
        return false;
    }

    void release(int length) {
        if (length != 0) {
            bytes.addAndGet(-length);
        }
    }

    /** Whether a difference would fit at this moment. */
    boolean hasRoomFor(int difference) {
        return difference <= 0 || bytes.get() <= bytesMax - difference;
    }

    long bytes() {
        return bytes.get();
    }

    long bytesMax() {
        return bytesMax;
    }
}
