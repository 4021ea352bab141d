package io.github.tmem.node.command;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Sharing;

/**
 * A pool that a client has opened.
 *
 * @param pool the pool, or a handle of it
 * @param settings what it was opened with
 * @param end what becomes of it when the client leaves
 */
record OpenPool(PagePool pool, PoolConfig settings, End end) implements Opened {

    /** What becomes of a pool when who opened it leaves. */
    enum End {
        /** It is closed: it is the client's own, or a handle of his. */
        CLOSES,
        /** Nothing: it is the node's. */
        STAYS
    }

    @Override
    public Object identity() {
        Sharing sharing = settings.sharing();
        return sharing == null ? settings.name() : sharing.uuid();
    }

    /** Whether a get takes away a page that must not be lost. */
    boolean handsOver() {
        return pool.kind() == PageKind.PERSISTENT
                && pool.getMode() == GetMode.EXCLUSIVE
                && settings.write() == WriteMode.BACK;
    }

    @Override
    public boolean isOwn() {
        return end == End.CLOSES && settings.sharing() == null;
    }

    @Override
    public long count() {
        return pool.pageCount();
    }

    @Override
    public int length(ObjectId object, long index) {
        return pool.pageSize();
    }

    @Override
    public int take(ObjectId object, long index, byte[] destination) {
        return pool.get(object, index, destination) ? destination.length : NONE;
    }

    @Override
    public boolean putBack(ObjectId object, long index, byte[] taken) {
        return pool.put(object, index, taken).stored();
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        return pool.flush(object, index);
    }

    @Override
    public void leave() {
        if (end == End.CLOSES) {
            pool.close();
        }
    }
}
