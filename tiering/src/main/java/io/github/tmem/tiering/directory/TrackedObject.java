package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;

/**
 * An object number: one incarnation of an object in a pool. It is never attached again once it is not, so whoever holds
 * it cannot be fooled by a later object of the same id.
 *
 * <pre>
 *   ATTACHED --- flushObject, destroy ---> DETACHED   its pages are dead at once, and reclaimed after
 *   ATTACHED --- last page gone ---------> RETIRED    a put in flight goes on under a new number
 * </pre>
 *
 * Thread-safe.
 */
public final class TrackedObject {
    /** The states above. */
    public enum Status {
        /** Pages may be found and put. */
        ATTACHED,
        /** Flushed: no page under this number can be read or put. */
        DETACHED,
        /** Became empty and was forgotten: not flushed. */
        RETIRED
    }

    private final PoolLedger pool;
    private final ObjectId id;
    private final int slot;
    private final long hash;

    /** Of a shared pool the sharer who put or hit last. Written without a lock: of two at the same moment one stays. */
    private int lastSharer;

    /** Bit n is set while shard n holds pages of the object. */
    private long shards;

    private volatile Status status = Status.ATTACHED;

    TrackedObject(PoolLedger pool, ObjectId id, int slot) {
        this.pool = pool;
        this.id = id;
        this.slot = slot;
        this.hash = Hashing.object(pool.seed(), id);
    }

    /** The pool the object belongs to. */
    public PoolLedger pool() {
        return pool;
    }

    /** The id callers know it by. */
    public ObjectId id() {
        return id;
    }

    int slot() {
        return slot;
    }

    long hash() {
        return hash;
    }

    /** The state at this moment. */
    public Status status() {
        return status;
    }

    /** Whether pages under this number can be read. */
    public boolean isAttached() {
        return status == Status.ATTACHED;
    }

    /** Notes that a sharer of the pool put to the object, or hit a page of it. */
    public void touch(int sharer) {
        lastSharer = sharer;
    }

    /** The sharer who touched the object last, as far as this thread can see; 0 if none has. */
    public int lastSharer() {
        return lastSharer;
    }

    /** Notes the first page in a shard, whose lock is held; false if the number is no longer attached. */
    synchronized boolean enter(int shard) {
        if (status != Status.ATTACHED) {
            return false;
        }
        assert (shards & 1L << shard) == 0 : "entered twice";
        shards |= 1L << shard;
        return true;
    }

    /** Notes that the last page left a shard, whose lock is held; true if the number is now unused and not attached. */
    synchronized boolean leave(int shard) {
        assert (shards & 1L << shard) != 0 : "left without having entered";
        shards &= ~(1L << shard);
        return retireWhenEmpty();
    }

    /** Retires the number if it is attached and has no pages; true if it is now unused and not attached. */
    synchronized boolean retireIfUnused() {
        return status == Status.ATTACHED && retireWhenEmpty();
    }

    private boolean retireWhenEmpty() {
        if (shards != 0) {
            return false;
        }
        if (status == Status.ATTACHED) {
            status = Status.RETIRED;
        }
        return true;
    }

    /**
     * Detaches the number: the one step of flushObject (L4, L8).
     *
     * @return whether it was attached
     */
    synchronized boolean detach() {
        if (status != Status.ATTACHED) {
            return false;
        }
        status = Status.DETACHED;
        return true;
    }

    /** The shards that hold pages of the object, as bits. */
    public synchronized long shards() {
        return shards;
    }
}
