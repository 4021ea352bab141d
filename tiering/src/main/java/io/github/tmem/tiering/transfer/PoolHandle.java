package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;

/** The handle of a pool by which a transfer works, as its owner would: what he may not do any more, neither may it. */
public interface PoolHandle {
    /**
     * Begins an operation, to be ended with {@link #leave}.
     *
     * @throws PoolClosedException if the handle, or all the store, is closed
     */
    int enter();

    /** Ends the operation that was given this ticket. */
    void leave(int ticket);

    /** A put, as its owner's, by an operation that has {@linkplain #enter entered}. */
    PutResult putEntered(ObjectId object, long index, byte[] page);

    /** Waits until every operation of the store that is under way has ended. */
    void settle();
}
