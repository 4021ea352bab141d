package io.github.tmem.tiering.chain;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import java.util.List;

/**
 * Flushes: of a page, one step under the shard's lock removes the entry → free the copy; of an object, one step detaches
 * its number, which ends every page at once for all readers and writers → its entries are removed and their copies freed,
 * one by one, at a cost proportional to the object (L4, L8).
 */
final class Flusher {
    private final Directory directory;
    private final List<Tier> tiers;
    private final ScratchPool scratches;
    private final Sampler sampler;

    Flusher(ChainParts parts) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.sampler = parts.sampler();
    }

    boolean flush(PoolLedger pool, ObjectId id, long index) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        long begun = sampler.begin();
        try {
            Look look = scratch.look();
            boolean flushed = flush(pool, id, index, look);
            if (begun != Sampler.NOT_SAMPLED) {
                boolean inTier = flushed && look.state() == EntryState.STORED;
                String tier = inTier ? tiers.get(look.tier()).name() : Recorder.NO_TIER;
                sampler.end(begun, Operation.FLUSH, tier);
            }
            return flushed;
        } finally {
            scratches.release(scratch);
        }
    }

    private boolean flush(PoolLedger pool, ObjectId id, long index, Look look) {
        for (TrackedObject object = directory.find(pool, id); object != null; object = directory.find(pool, id)) {
            Shard shard = directory.shardOf(object, index);
            shard.lock();
            try {
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
            free(look);
            return look.state() != EntryState.REPLACING || pool.kind() == PageKind.PERSISTENT; // as isHeld says
        }
        return false;
    }

    long flushObject(PoolLedger pool, ObjectId id) {
        TrackedObject object = directory.find(pool, id);
        return object == null ? 0 : flushObject(object);
    }

    private long flushObject(TrackedObject object) {
        if (!directory.detach(object)) {
            return 0;
        }
        Scratch scratch = scratches.acquire(object.pool().pageSize());
        try {
            long flushed = 0;
            long shards = object.shards();
            while (shards != 0) {
                int number = Long.numberOfTrailingZeros(shards);
                flushed += reclaim(object, directory.shard(number), scratch.look());
                shards &= shards - 1;
            }
            return flushed;
        } finally {
            scratches.release(scratch);
        }
    }

    /** Removes the pages of a detached object from one shard, locking it for one page at a time. */
    private long reclaim(TrackedObject object, Shard shard, Look look) {
        long pages = 0;
        while (true) {
            shard.lock();
            try {
                int entry = shard.anyOf(object);
                if (entry == Shard.NONE) {
                    return pages;
                }
                shard.look(entry, look);
                shard.unlink(entry, Ending.FLUSHED);
            } finally {
                shard.unlock();
            }
            free(look);
            pages += look.state() == EntryState.REPLACING ? 0 : 1;
        }
    }

    /** Destroys a pool whose ledger has been marked closed. */
    void destroy(PoolLedger pool) {
        assert pool.isClosed() : "puts could still swing";
        for (TrackedObject object : pool.trackedObjects()) {
            flushObject(object);
        }
    }

    private void free(Look look) {
        if (look.state() == EntryState.STORED) {
            tiers.get(look.tier()).free(look);
        }
        directory.give(look.entry());
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

    /** A page that gives way to its successor still counts as held if it is persistent: a get of it waits. */
    private static boolean isHeld(Shard shard, int entry, PoolLedger pool) {
        return entry != Shard.NONE
                && (pool.kind() == PageKind.PERSISTENT || shard.stateOf(entry) != EntryState.REPLACING);
    }
}
