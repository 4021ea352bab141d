package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;

/**
 * A pool of values that a session has opened for itself. Behind each value is a byte that says its kind, because nothing else
 * does once it is taken.
 *
 * @param pool the pool
 * @param settings what it was opened with
 */
record OpenValues(BlobPool pool, PoolConfig settings) implements Opened {
    /** The bytes behind a value. */
    static final int KIND_BYTES = 1;

    /** The longest value. */
    static final int VALUE_MAX = BlobPool.LENGTH_MAX - KIND_BYTES;

    private static final byte PERSISTENT = 1;

    /** The byte that stands for a kind. */
    static byte mark(PageKind kind) {
        return kind == PageKind.PERSISTENT ? PERSISTENT : 0;
    }

    @Override
    public Object identity() {
        return settings.name();
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public long count() {
        return pool.count();
    }

    @Override
    public int length(ObjectId object, long index) {
        return pool.length(object, index);
    }

    @Override
    public int take(ObjectId object, long index, byte[] destination) {
        return pool.take(object, index, MemorySegment.ofArray(destination));
    }

    @Override
    public boolean putBack(ObjectId object, long index, byte[] taken) {
        PageKind kind = taken[taken.length - 1] == PERSISTENT ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
        return pool.put(object, index, MemorySegment.ofArray(taken), kind).stored() || kind == PageKind.EPHEMERAL;
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        return pool.flush(object, index);
    }

    @Override
    public void leave() {
        pool.close();
    }
}
