package io.github.tmem.node.command;

import io.github.tmem.api.GetMode;
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
record OpenPool(PagePool pool, PoolConfig settings, End end) {

    /** What becomes of a pool when who opened it leaves. */
    enum End {
        /** It is closed: it is the client's own, or a handle of his. */
        CLOSES,
        /** Nothing: it is the node's. */
        STAYS
    }

    /** What all handles of the same pages have in common, and no two pools that are open at a time. */
    Object identity() {
        Sharing sharing = settings.sharing();
        return sharing == null ? settings.name() : sharing.uuid();
    }

    /** Whether a get takes away a page that must not be lost. */
    boolean handsOver() {
        return pool.kind() == PageKind.PERSISTENT
                && pool.getMode() == GetMode.EXCLUSIVE
                && settings.write() == WriteMode.BACK;
    }

    /** Whether its pages end with it: no other handle of them is open. */
    boolean isOwn() {
        return end == End.CLOSES && settings.sharing() == null;
    }

    void leave() {
        if (end == End.CLOSES) {
            pool.close();
        }
    }
}
