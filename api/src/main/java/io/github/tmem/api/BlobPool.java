package io.github.tmem.api;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A pool of values of any length, kept as they come: no codec is applied to them, nor to their copies when they move. What a
 * node serves to the clients of its peer port, whose values are encoded pages.
 *
 * <p>Each value says of itself whether it may vanish: {@link PageKind#EPHEMERAL}, or must not: {@link PageKind#PERSISTENT}.
 * A key has one value at most; a put of either kind replaces that of the other. All laws of {@link PagePool} hold (L1-L11).
 * Values live in the tiers of the pool's chain beside pages, and compete with them for room. A value without a byte takes no
 * room there.
 *
 * <p><b>Copies.</b> When a put returns, its memory may be reused (L7). A get that misses or fails leaves the destination
 * untouched (L6), and one that hits leaves what is behind the value.
 *
 * <p><b>Threads.</b> Any number, on any keys. Each key is linearizable (L8). A segment must be accessible to the thread that
 * calls; it may be a slice of a larger one. Nothing is allocated for a put, get, take or flush.
 *
 * <p>Every method about values throws {@link PoolClosedException} once the pool or its store is closed.
 */
public interface BlobPool extends AutoCloseable {
    /** The longest value in bytes: the longest page, 64 bytes that a peer puts in front of it, and 8 that the node does. */
    int LENGTH_MAX = (1 << 20) + 72;

    /** The name the pool was opened under. */
    String name();

    /**
     * Stores a copy of a value under (object, index), replacing what was there.
     *
     * @param value 0 to {@link #LENGTH_MAX} bytes. A tier that takes no copies of that length {@linkplain Refusal#DECLINED
     *     declines} it
     * @return where it went, or why it was refused; after a refusal the key has no value (L3)
     * @throws IllegalArgumentException if the value is too long or not accessible; nothing changed
     */
    PutResult put(ObjectId object, long index, MemorySegment value, PageKind kind);

    /**
     * The length of the value of a key in bytes; -1 if there is none. Unreachable values count as there, and so do lost ones,
     * whose length is not known any more: 0.
     */
    int length(ObjectId object, long index);

    /**
     * Copies the value of a key to the start of {@code destination}; it stays in the pool.
     *
     * @return its length in bytes; -1 if there is none; if the destination is shorter than the value, that length too, and
     *     nothing is copied, nor is the value looked at: that may be unreachable, or turn out to be lost
     * @throws PageUnavailableException persistent values: cannot be reached now
     * @throws PageLostException persistent values: lost
     * @throws IllegalArgumentException if the destination is read-only or not accessible
     */
    int get(ObjectId object, long index, MemorySegment destination);

    /** As {@link #get}, and removes the value, unless the destination was too short for it. */
    int take(ObjectId object, long index, MemorySegment destination);

    /** Forgets a value, wherever it is (L4); returns whether there was one. */
    boolean flush(ObjectId object, long index);

    /** Forgets all values; returns how many. A value whose put is under way meanwhile may stay. */
    long flushAll();

    /** How many values there are, those that are lost included: exact when no operation is under way. */
    long count();

    /**
     * Keys in some order, a page of them at a time: every key that has a value during the whole scan is met once or more.
     * Nothing is kept for a scan, so that it may be given up at any time.
     *
     * @param cursor 0 to begin, then what {@code next} said; any other number begins somewhere, or ends the scan
     * @param most about how many keys to return, 1 or more; the page may also be empty before the end
     * @throws IllegalArgumentException if {@code most} is below 1
     */
    Scan scan(long cursor, int most);

    /**
     * Some keys of a scan.
     *
     * @param keys the keys
     * @param next the cursor to go on with, which is not negative; 0 when the scan is over
     */
    record Scan(List<PageKey> keys, long next) {
        public Scan {
            keys = List.copyOf(keys);
        }
    }

    /** Whether {@link #close()} has been called on the pool or its store. */
    boolean isClosed();

    /**
     * Closes the pool and forgets its values. A pool opened later under the same name is new and empty. Closing again has no
     * effect.
     */
    @Override
    void close();
}
