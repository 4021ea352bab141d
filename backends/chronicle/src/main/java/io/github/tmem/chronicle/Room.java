package io.github.tmem.chronicle;

import io.github.tmem.api.spi.Usage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The chunks that copies take, counted in front of the map: reserved before a copy is stored, released when it is gone.
 * Thread-safe.
 */
final class Room {
    private final MapGeometry geometry;
    private final long chunksMax;

    /** Bytes of the capacity for each chunk that copies may take: its own, and its share of books and reserve. */
    private final double bytesPerChunk;

    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong encodedBytes = new AtomicLong();
    private final AtomicLong copies = new AtomicLong();

    Room(MapGeometry geometry) {
        this.geometry = geometry;
        this.chunksMax = geometry.chunks();
        this.bytesPerChunk = (double) geometry.capacityBytes() / chunksMax;
    }

    /** Takes the room of a copy; false if it is not there. */
    boolean reserve(int length) {
        int needed = geometry.chunks(length);
        while (true) {
            long before = chunks.get();
            if (before + needed > chunksMax) {
                return false;
            }
            if (chunks.compareAndSet(before, before + needed)) {
                return true;
            }
        }
    }

    /** Gives the room of a copy back that was reserved. */
    void release(int length) {
        long after = chunks.addAndGet(-geometry.chunks(length));
        assert after >= 0 : "released more than was reserved";
    }

    /** Notes a copy that was stored in reserved room. */
    void stored(int length) {
        encodedBytes.addAndGet(length);
        copies.incrementAndGet();
    }

    /** Notes that a copy which was stored is gone, and gives its room back. */
    void removed(int length) {
        encodedBytes.addAndGet(-length);
        copies.decrementAndGet();
        release(length);
    }

    /** What is taken from the capacity, in bytes: all of it when the last chunk is reserved. */
    long usedBytes() {
        return Math.min(geometry.capacityBytes(), (long) Math.ceil(chunks.get() * bytesPerChunk));
    }

    /** The usage of a map that knows where its copies are with so many bytes. */
    Usage usage(long metadataBytes) {
        long used = usedBytes();
        // while others work the counts are those of different moments
        long encoded = Math.clamp(encodedBytes.get(), 0, used);
        return new Usage(geometry.capacityBytes(), used, encoded, Math.max(0, copies.get()), metadataBytes);
    }
}
