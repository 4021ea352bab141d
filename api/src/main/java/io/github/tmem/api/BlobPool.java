package io.github.tmem.api;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A pool of values of any length, kept as they come: no codec is applied to them. What a node serves to the clients of its
 * peer port, whose values are encoded pages.
 *
 * <p>Each value says of itself whether it may vanish: {@link PageKind#EPHEMERAL}, or must not: {@link PageKind#PERSISTENT}.
 * A key has one value at most; a put of either kind replaces that of the other. All laws of {@link PagePool} hold (L1-L8).
 * Thread-safe; a value is copied in and out (L7). Every method about values throws {@link PoolClosedException} once the pool
 * or its store is closed.
 */
public interface BlobPool extends AutoCloseable {
    /** The longest value in bytes: the longest page and what a peer puts in front of it. */
    int LENGTH_MAX = (1 << 20) + 64;

    /** The name the pool was opened under. */
    String name();

    /**
     * Stores a value.
     *
     * @param value 0 to {@link #LENGTH_MAX} bytes
     * @return where it went, or why it was refused; after a refusal the key has no value (L3)
     * @throws IllegalArgumentException if the value is too long; nothing changed
     */
    PutResult put(ObjectId object, long index, MemorySegment value, PageKind kind);

    /** The length of the value of a key in bytes; -1 if there is none. Lost and unreachable values count as there. */
    int length(ObjectId object, long index);

    /**
     * Copies the value of a key to the start of {@code destination}; it stays in the pool.
     *
     * @return its length in bytes; -1 if there is none; if the destination is shorter than the value, that length too, and
     *     nothing is copied
     * @throws PageUnavailableException persistent values: cannot be reached now
     * @throws PageLostException persistent values: lost
     */
    int get(ObjectId object, long index, MemorySegment destination);

    /** As {@link #get}, and removes the value, unless the destination was too short for it. */
    int take(ObjectId object, long index, MemorySegment destination);

    /** Forgets a value; returns whether there was one. */
    boolean flush(ObjectId object, long index);

    /** Forgets all values; returns how many. */
    long flushAll();

    /** How many values there are. */
    long count();

    /**
     * Keys in some order, a page of them at a time: every value that is there during the whole scan is met once or more.
     *
     * @param cursor 0 to begin, then what {@code next} said
     * @param most about how many keys to return, 1 or more
     */
    Scan scan(long cursor, int most);

    /**
     * Some keys of a scan.
     *
     * @param keys the keys
     * @param next the cursor to go on with; 0 when the scan is over
     */
    record Scan(List<PageKey> keys, long next) {}

    /** Closes the pool and forgets its values. */
    @Override
    void close();
}
