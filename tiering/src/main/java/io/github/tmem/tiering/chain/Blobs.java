package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.HashScan;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Blob pools: values of any length, of both kinds under the same keys. A pool has a ledger for each kind, and a key an entry
 * in one of them at most, for a put that links one unlinks the other in the same step ({@link PutSwing}).
 *
 * <p>A get looks among the persistent values, then among the others; before it says that there is none, it looks for both in
 * one step, for the value may have gone from one kind to the other in between. Thread-safe; the caller has checked arguments
 * and pool state.
 */
public final class Blobs {
    /** There is no value. */
    public static final int NONE = -1;

    /** There is a persistent value, which cannot be reached now. */
    public static final int UNAVAILABLE = -2;

    /** There was a persistent value, which is lost. */
    public static final int LOST = -3;

    private final Directory directory;
    private final ScratchPool scratches;
    private final Sampler sampler;
    private final Putter putter;
    private final Getter getter;
    private final Flusher flusher;
    private final DeadPages deadPages;
    private final Tiers tiers;

    Blobs(ChainParts parts, Workers workers) {
        this.directory = parts.directory();
        this.scratches = parts.scratches();
        this.sampler = parts.sampler();
        this.tiers = parts.tiers();
        this.putter = workers.putter();
        this.getter = workers.getter();
        this.flusher = workers.flusher();
        this.deadPages = workers.deadPages();
    }

    /** Who does the work for one kind. */
    record Workers(Putter putter, Getter getter, Flusher flusher, DeadPages deadPages) {}

    /**
     * The ledgers of a blob pool.
     *
     * @param persistent that of the persistent values
     * @param ephemeral that of the others, its twin, which also has the counts of both
     */
    public record Ledgers(PoolLedger persistent, PoolLedger ephemeral) {}

    /**
     * Opens a blob pool. End with {@link #close}.
     *
     * @param config the settings of its ephemeral values
     * @param seed what its key hashes start from
     */
    public Ledgers open(PoolConfig config, long seed) {
        PoolLedger ephemeral = directory.openBlobs(config, seed);
        PoolLedger persistent = ephemeral.twin();
        assert persistent != null;
        return new Ledgers(persistent, ephemeral);
    }

    /** Stores a value among those of one kind. */
    public PutResult put(PoolLedger pool, ObjectId object, long index, MemorySegment value) {
        return putter.put(pool, object, index, value);
    }

    /**
     * Fetches a value into a writable segment, unless that is too short for it.
     *
     * @return its length, {@link #NONE}, {@link #UNAVAILABLE} or {@link #LOST}
     */
    public int get(Ledgers pool, ObjectId object, long index, MemorySegment destination) {
        return get(pool, object, index, destination, Reading.KEEP);
    }

    /** Fetches a value as {@link #get}, and removes it, unless the destination was too short. */
    public int take(Ledgers pool, ObjectId object, long index, MemorySegment destination) {
        return get(pool, object, index, destination, Reading.TAKE);
    }

    private int get(Ledgers pool, ObjectId object, long index, MemorySegment destination, Reading reading) {
        Scratch scratch = scratches.acquire(PageBuffer.AS_IT_IS);
        try {
            scratch.caller().set(destination);
            scratch.reading(reading);
            long begun = sampler.begin();
            PoolLedger counting;
            GetResult result;
            do {
                counting = pool.persistent();
                result = getter.find(counting, object, index, scratch);
                if (result == GetResult.MISS) {
                    counting = pool.ephemeral();
                    result = getter.find(counting, object, index, scratch);
                }
            } while (result == GetResult.MISS && length(pool, object, index) != NONE);
            if (result == GetResult.HIT && scratch.isTooLong()) {
                return scratch.look().length(); // nothing was delivered, which is no get
            }
            counting.count(result);
            getter.note(begun, result, scratch);
            return answer(result, scratch);
        } finally {
            scratches.release(scratch);
        }
    }

    private static int answer(GetResult result, Scratch scratch) {
        return switch (result) {
            case HIT -> scratch.look().length();
            case MISS -> NONE;
            case UNAVAILABLE -> UNAVAILABLE;
            case LOST -> LOST;
        };
    }

    /** The length of a value, 0 if it is lost, or {@link #NONE}. */
    public int length(Ledgers pool, ObjectId object, long index) {
        Shard shard = directory.shardOf(pool.persistent(), object, index);
        shard.lock();
        try {
            int entry = directory.find(shard, pool.persistent(), object, index);
            if (entry != Shard.NONE) {
                return shard.lengthOf(entry); // also if it gives way to a successor: a get waits for that
            }
            entry = directory.find(shard, pool.ephemeral(), object, index);
            return entry == Shard.NONE || shard.stateOf(entry) == EntryState.REPLACING ? NONE : shard.lengthOf(entry);
        } finally {
            shard.unlock();
        }
    }

    /** Forgets a value; returns whether there was one. */
    public boolean flush(Ledgers pool, ObjectId object, long index) {
        Scratch scratch = scratches.acquire(PageBuffer.AS_IT_IS);
        try {
            long begun = sampler.begin();
            Look look = scratch.look();
            boolean flushed = unlink(pool, object, index, look);
            if (flushed) {
                deadPages.free(look);
            }
            if (begun != Sampler.NOT_SAMPLED) {
                boolean inTier = flushed && look.state() == EntryState.STORED;
                String tier = inTier ? tiers.numbered(look.tier()).name() : Recorder.NO_TIER;
                sampler.end(begun, Operation.FLUSH, tier);
            }
            return flushed && (look.state() != EntryState.REPLACING || isPersistent(look));
        } finally {
            scratches.release(scratch);
        }
    }

    private boolean unlink(Ledgers pool, ObjectId object, long index, Look look) {
        Shard shard = directory.shardOf(pool.persistent(), object, index);
        shard.lock();
        try {
            int persistent = directory.find(shard, pool.persistent(), object, index);
            int entry = persistent == Shard.NONE ? directory.find(shard, pool.ephemeral(), object, index) : persistent;
            if (entry == Shard.NONE) {
                return false;
            }
            shard.look(entry, look);
            shard.unlink(entry, Ending.FLUSHED);
            return true;
        } finally {
            shard.unlock();
        }
    }

    private static boolean isPersistent(Look look) {
        return look.object().pool().kind() == PageKind.PERSISTENT;
    }

    /** Forgets every value; returns how many there were. */
    public long flushAll(Ledgers pool) {
        return flushAll(pool.persistent()) + flushAll(pool.ephemeral());
    }

    private long flushAll(PoolLedger pool) {
        long flushed = 0;
        for (TrackedObject object : pool.trackedObjects()) {
            flushed += flusher.flushObject(pool, object.id());
        }
        return flushed;
    }

    /** Some of the keys that have a value, from a cursor on; see {@link HashScan#next}. */
    public long scan(Ledgers pool, long cursor, int most, List<PageKey> found) {
        return new HashScan(directory, pool.persistent(), pool.ephemeral()).next(cursor, most, found);
    }

    /** Forgets every value of a pool that takes no more. */
    public void close(Ledgers pool) {
        pool.persistent().markClosed();
        pool.ephemeral().markClosed();
        flusher.destroy(pool.persistent());
        flusher.destroy(pool.ephemeral());
    }
}
