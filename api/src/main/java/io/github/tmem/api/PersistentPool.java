package io.github.tmem.api;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A pool of pages that stay: a put is stored or refused, and a stored page ends only by flush, exclusive get, a later put
 * of the same key (accepted or refused), {@link #close()}, or a loss that every get reports (L5).
 *
 * <p>The pages of a {@linkplain WriteMode#THROUGH write-through} pool live below as well, so it promises less: a get may
 * miss, and never reports a loss.
 */
public non-sealed interface PersistentPool extends PagePool {
    @Override
    default PageKind kind() {
        return PageKind.PERSISTENT;
    }

    /**
     * Hands pages back to the caller, who keeps them somewhere else: as many as the destination has room for, in no order.
     * Each is taken as by an exclusive get, whatever the get mode of the pool: it is delivered once, and then no more in the
     * pool. Pages that are lost or cannot be reached stay.
     *
     * @param destination receives the pages one after the other; what is behind the last of them is untouched
     * @return what the pages are, in the order of the destination; fewer than fit only if the pool has no more that can be
     *     taken, or a page could not be read because of an error, which the next call then throws
     * @throws IllegalArgumentException if the destination is read-only, closed or not accessible by this thread
     * @throws PoolClosedException if the pool or its store is closed
     */
    List<PageKey> shrink(MemorySegment destination);
}
