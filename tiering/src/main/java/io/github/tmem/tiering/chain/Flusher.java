package io.github.tmem.tiering.chain;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.chain.DeadPages.DeadObject;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.Stamps;
import io.github.tmem.tiering.directory.TrackedObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flushes: of a page, one step under the shard's lock removes the entry → free the copy; of an object, one step detaches
 * its number, which ends every page at once for all readers and writers → its {@linkplain DeadPages dead pages} are
 * reclaimed one by one, at a cost proportional to the object (L4, L8).
 */
final class Flusher {
    private final Directory directory;
    private final Tiers tiers;
    private final ScratchPool scratches;
    private final DeadPages deadPages;
    private final Sampler sampler;
    private final Stamps stamps;

    Flusher(ChainParts parts, DeadPages deadPages) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.deadPages = deadPages;
        this.sampler = parts.sampler();
        this.stamps = parts.stamps();
    }

    boolean flush(PoolLedger pool, ObjectId id, long index) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        long begun = sampler.begin();
        try {
            Look look = scratch.look();
            boolean flushed = flush(pool, id, index, look);
            if (begun != Sampler.NOT_SAMPLED) {
                boolean inTier = flushed && look.state() == EntryState.STORED;
                String tier = inTier ? tiers.numbered(look.tier()).name() : Recorder.NO_TIER;
                sampler.end(begun, Operation.FLUSH, tier);
            }
            return flushed;
        } finally {
            scratches.release(scratch);
        }
    }

    private boolean flush(PoolLedger pool, ObjectId id, long index, Look look) {
        TrackedObject found = findOrFence(pool, id, index);
        for (TrackedObject object = found; object != null; object = directory.find(pool, id)) {
            Shard shard = directory.shardOf(object, index);
            shard.lock();
            try {
                directory.fences().raise(shard, object, index, stamps);
                if (!object.isAttached()) {
                    continue; // retired or flushed since it was found: look for its successor
                }
                int entry = shard.find(object, index);
                if (entry == Shard.NONE) {
                    return false;
                }
                shard.look(entry, look);
                shard.unlink(entry, Ending.FLUSHED);
            } finally {
                shard.unlock();
            }
            deadPages.free(look);
            return look.state() != EntryState.REPLACING || pool.kind() == PageKind.PERSISTENT; // as isHeld says
        }
        return false;
    }

    /** The object; or none, after a fence was raised for fills under way that have no object yet. */
    private @Nullable TrackedObject findOrFence(PoolLedger pool, ObjectId id, long index) {
        TrackedObject object = directory.find(pool, id);
        if (object != null || !directory.fences().isUsed()) {
            return object;
        }
        Shard shard = directory.shardOf(pool, id, index);
        shard.lock();
        try {
            directory.fences().raise(shard, pool, id, index, stamps);
        } finally {
            shard.unlock();
        }
        return directory.find(pool, id); // a fill that came before the fence
    }

    long flushObject(PoolLedger pool, ObjectId id) {
        Scratch scratch = scratches.acquire(pool.pageSize()); // first, as it may fail
        try {
            // before the look for the object: a fill comes before and is found, or not at all
            directory.fences().raise(pool, id, stamps);
            TrackedObject object = directory.find(pool, id);
            return object != null && directory.detach(object)
                    ? deadPages.reclaim(deadPages.add(object), scratch.look())
                    : 0;
        } finally {
            scratches.release(scratch);
        }
    }

    /** Destroys a pool whose ledger has been marked closed: all its pages are dead before the first is reclaimed. */
    void destroy(PoolLedger pool) {
        assert pool.isClosed() : "puts could still swing";
        List<DeadObject> dead = new ArrayList<>();
        for (TrackedObject object : pool.trackedObjects()) {
            if (directory.detach(object)) {
                dead.add(deadPages.add(object));
            }
        }
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            dead.forEach(object -> deadPages.reclaim(object, scratch.look()));
        } finally {
            scratches.release(scratch);
        }
        directory.leave(pool);
    }

    /** Whether a page is held. */
    boolean contains(PoolLedger pool, ObjectId id, long index) {
        TrackedObject object = directory.find(pool, id);
        while (object != null) {
            Shard shard = directory.shardOf(object, index);
            shard.lock();
            try {
                if (object.isAttached()) {
                    return isHeld(shard, shard.find(object, index), pool);
                }
            } finally {
                shard.unlock();
            }
            object = directory.find(pool, id);
        }
        return false;
    }

    /** Whether a page seems to be in a slow tier, or to be replaced by one that may come to be there. */
    boolean isFar(PoolLedger pool, ObjectId id, long index) {
        TrackedObject object = directory.find(pool, id);
        Look look = new Look();
        if (object == null || directory.shardOf(object, index).glimpse(object, index, look) == Shard.NONE) {
            return false;
        }
        Tier tier = tiers.ifNumbered(look.tier());
        return look.state() == EntryState.REPLACING
                || (look.state() == EntryState.STORED && tier != null && !tier.isLocal());
    }

    /** A page that gives way to its successor still counts as held if it is persistent: a get of it waits. */
    private static boolean isHeld(Shard shard, int entry, PoolLedger pool) {
        return entry != Shard.NONE
                && (pool.kind() == PageKind.PERSISTENT || shard.stateOf(entry) != EntryState.REPLACING);
    }
}
