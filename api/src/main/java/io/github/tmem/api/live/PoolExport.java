package io.github.tmem.api.live;

import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A pool on its way to another store, while it is in use. The first {@link #write} writes every page, each later one what
 * has changed since the one before. Who {@linkplain PoolTransfer#freeze freezes} the pool before the last one, and restores
 * all of them in order, has every page that the pool has then, and none that it has not; ephemeral pages that were evicted
 * in between may be among them.
 *
 * <p>While an export is open, the keys that change are remembered on the heap, about 100 bytes for each. If there are more
 * than a million of them between two passes, the next pass writes every page again.
 *
 * <p>Thread-safe; passes wait for each other.
 */
public interface PoolExport extends AutoCloseable {

    /**
     * Writes the next pass, and {@linkplain OutputStream#flush() flushes} the stream, which stays open. Each page and each
     * key is written as it is at some moment of the call, and not older than any operation on it that ended before.
     *
     * <p>If this throws, what has been written is of no use, and the next call writes every page again.
     *
     * @param target buffered if it goes to a file or a network; may be the same for all passes
     * @throws IOException what {@code target} throws
     * @throws PageUnavailableException persistent pools: a page cannot be reached now
     * @throws PageLostException persistent pools: a page is lost; flush it to go on without
     * @throws PoolClosedException if the pool or its store is closed
     * @throws IllegalStateException if the export is closed
     */
    Transferred write(OutputStream target) throws IOException;

    /** Ends the export: changes are no longer remembered. Closing again has no effect. */
    @Override
    void close();
}
