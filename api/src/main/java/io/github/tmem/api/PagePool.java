package io.github.tmem.api;

import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.stats.PoolStats;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A set of pages with one kind and one page size. Use it as an {@link EphemeralPool} or a {@link PersistentPool}: the
 * type says what the store promises.
 *
 * <p><b>Pages</b> are exactly {@link #pageSize()} bytes: a {@link MemorySegment} of that size, a {@link ByteBuffer} with
 * that many bytes remaining (its position and limit are left as they were), or an array of that length. Anything else is
 * an {@link IllegalArgumentException} and changes nothing.
 *
 * <p><b>Copies.</b> When a put returns, its buffer may be reused; the store keeps no reference to caller memory (L7). A
 * get that misses or fails leaves the destination untouched (L6).
 *
 * <p><b>Threads.</b> Any number, on any keys. Each key is linearizable (L8).
 *
 * <p><b>Sharers.</b> A {@linkplain io.github.tmem.api.config.PoolConfig#sharedAs shared} pool has one handle for each of
 * its owners, all for the same pages.
 *
 * <p>Every method that is about pages throws {@link PoolClosedException} once the pool, this handle of it, or its store is closed.
 */
public sealed interface PagePool extends AutoCloseable permits EphemeralPool, PersistentPool {

    /** The name the pool was opened under; each handle of a shared pool has its own. */
    String name();

    /** The kind of every page in this pool. */
    PageKind kind();

    /** Whether a hit removes the page. */
    GetMode getMode();

    /** The size of every page in bytes: a power of two from 512 to 1,048,576. */
    int pageSize();

    /**
     * Stores a copy of {@code page} under (object, index), replacing what was there.
     *
     * @return where the page went, or why it was refused; after a refusal the key has no page (L3)
     * @throws IllegalArgumentException if the page does not have exactly {@link #pageSize()} bytes; nothing changed
     */
    PutResult put(ObjectId object, long index, MemorySegment page);

    /** {@link #put(ObjectId, long, MemorySegment)} of the bytes from the buffer's position to its limit. */
    default PutResult put(ObjectId object, long index, ByteBuffer page) {
        return put(object, index, MemorySegment.ofBuffer(page));
    }

    /** {@link #put(ObjectId, long, MemorySegment)} of the whole array. */
    default PutResult put(ObjectId object, long index, byte[] page) {
        return put(object, index, MemorySegment.ofArray(page));
    }

    /**
     * A token for a put of what is about to be read from the page's source. Without it, a slow filler could store an old
     * page after a newer one: it misses, reads the source, meanwhile the page changes and somebody puts the new one, and
     * then the filler's put comes last.
     *
     * <p>Take the token before the source is read; whoever changes the source puts or flushes the page <em>after</em> the
     * change. A token is a number and holds nothing: it need not be used, nor given back.
     */
    long fillToken(ObjectId object, long index);

    /**
     * Stores a copy of {@code page}, read from its source after {@code token} was taken, unless the key has changed since:
     * the put is refused as {@link Refusal#OUTDATED} if any put of the key (accepted or refused), a flush of it or of its
     * object came between, also a put that had begun before. The look and the store are one step (L8). Pages that were
     * evicted or moved do not count. A put that is still under way then comes after this one.
     *
     * <p>Keys share the memory of changes, so that a put may be refused although only another key changed: the page is
     * simply not stored. A token of another key or pool, or one that was used before, is only a number: the put is refused,
     * or treated as if its token had been taken at some earlier moment.
     *
     * @param token what {@link #fillToken} returned for this key
     * @return as {@link #put(ObjectId, long, MemorySegment)}; but whatever the reason of a refusal, a page that was put
     *     since the token was taken stays
     * @throws IllegalArgumentException if the page does not have exactly {@link #pageSize()} bytes; nothing changed
     */
    PutResult put(ObjectId object, long index, MemorySegment page, long token);

    /** {@link #put(ObjectId, long, MemorySegment, long)} of the whole array. */
    default PutResult put(ObjectId object, long index, byte[] page, long token) {
        return put(object, index, MemorySegment.ofArray(page), token);
    }

    /**
     * Fetches the page at (object, index) into {@code destination}.
     *
     * @return true if the page was delivered; false on a miss, with the destination untouched
     * @throws PageUnavailableException persistent pools: the page's only copy cannot be reached now
     * @throws PageLostException persistent pools: the page's only copy is gone or damaged
     * @throws IllegalArgumentException if the destination has the wrong size or is read-only
     * @throws IllegalStateException if another thread closes the destination's arena meanwhile; the page stays
     */
    boolean get(ObjectId object, long index, MemorySegment destination);

    /** {@link #get(ObjectId, long, MemorySegment)} into the bytes from the buffer's position to its limit. */
    default boolean get(ObjectId object, long index, ByteBuffer destination) {
        return get(object, index, MemorySegment.ofBuffer(destination));
    }

    /** {@link #get(ObjectId, long, MemorySegment)} into the whole array. */
    default boolean get(ObjectId object, long index, byte[] destination) {
        return get(object, index, MemorySegment.ofArray(destination));
    }

    /**
     * Fetches the page at (object, index) into {@code destination}, or else reads it from its source and stores it, for
     * callers that use the pool as a cache of something. Of all that miss a key at a time one calls its loader; the others
     * wait for it, and then look again. What was read is stored under a {@linkplain #fillToken fill token}: if the key
     * changes meanwhile, or no tier takes the page, it is delivered and not stored.
     *
     * <p>If the loader throws, nothing is stored, and the next who waits calls its own. While it runs, nothing of the store
     * is held up but those who wait for the same key. It must not wait for a getOrFill of its own key by another thread,
     * nor may two loaders wait for each other's keys.
     *
     * @return true if the page was found; false if it was loaded. Either way it is in {@code destination}, which is
     *     untouched if it was neither found nor the loader called
     * @throws E what the loader throws
     * @throws IllegalStateException if a loader calls this for the key it is loading; or as {@link #get(ObjectId, long,
     *     MemorySegment)}
     * @throws PageUnavailableException as {@link #get(ObjectId, long, MemorySegment)}; the loader is not called
     * @throws PageLostException as {@link #get(ObjectId, long, MemorySegment)}; the loader is not called
     * @throws IllegalArgumentException if the destination has the wrong size or is read-only
     */
    <E extends Exception> boolean getOrFill(
            ObjectId object, long index, MemorySegment destination, PageLoader<E> loader) throws E;

    /** {@link #getOrFill(ObjectId, long, MemorySegment, PageLoader)} into the whole array. */
    default <E extends Exception> boolean getOrFill(
            ObjectId object, long index, byte[] destination, PageLoader<E> loader) throws E {
        return getOrFill(object, index, MemorySegment.ofArray(destination), loader);
    }

    /** The same pool for callers that do not want to wait for slow tiers. */
    AsyncPool async();

    /** The pool as a whole: frozen, saved, restored, moved to another store while it is in use. */
    PoolTransfer transfer();

    /**
     * Stores several pages of one object. Not atomic: each page is a put of its own. In a chain of local tiers they come
     * in array order; with slow tiers many are under way at once. Of duplicate indexes the last wins.
     *
     * @param pages the pages one after the other: {@code indexes.length * pageSize()} bytes
     * @return one result per index, in the same order
     */
    PutResult[] putAll(ObjectId object, long[] indexes, MemorySegment pages);

    /**
     * Fetches several pages of one object. Not atomic: each page is a get of its own, those of one index in array order.
     * Of slow tiers many are read at once, unless the destination is confined to the calling thread.
     *
     * @param destination room for the pages one after the other: {@code indexes.length * pageSize()} bytes; only the
     *     places of hits are written
     * @return one result per index, in the same order; lost and unavailable pages are results here, not exceptions
     */
    GetResult[] getAll(ObjectId object, long[] indexes, MemorySegment destination);

    /**
     * Whether the store holds a page at (object, index) at this moment. A page that a persistent pool lost counts as
     * held: a get will report it.
     */
    boolean contains(ObjectId object, long index);

    /**
     * Forgets the page at (object, index), wherever it is (L4).
     *
     * @return whether there was a page
     */
    boolean flush(ObjectId object, long index);

    /**
     * Forgets every page of {@code object}, in one step for all readers and writers (L4, L8). The cost is proportional
     * to the pages of that object.
     *
     * @return the number of pages forgotten
     */
    long flushObject(ObjectId object);

    /** The number of pages held now: exact when no operation is under way. */
    long pageCount();

    /**
     * What this pool has done and holds: exact when no operation is under way. Of a shared pool: by all its handles, under
     * the name of its first.
     */
    PoolStats stats();

    /** Whether {@link #close()} has been called on the pool, or on this handle of it, or on its store. */
    boolean isClosed();

    /**
     * Destroys the pool and every page in it. After the return no get can hit and no room of the chain is held for it. A
     * pool opened later under the same name is new and empty. Closing again has no effect.
     *
     * <p>Of a {@linkplain io.github.tmem.api.config.PoolConfig#sharedAs shared} pool this handle leaves, and the last to
     * leave destroys the pool. Whoever leaves an ephemeral pool takes along the objects that were put to or hit through
     * this handle last; the others stay, and so do all pages of a persistent pool. An operation of this handle that is
     * under way meanwhile may still store a page.
     */
    @Override
    void close();
}
