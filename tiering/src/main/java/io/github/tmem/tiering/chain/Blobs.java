package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.HashScan;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.TrackedObject;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Blob pools: values of any length, of both kinds under the same keys. A pool has a ledger for each kind, and a key an entry
 * in one of them at most, for a put that links one unlinks the other in the same step ({@link PutSwing}).
 *
 * <p>Who looks for a value looks among the persistent ones first, then among the others, in two steps. If it is in neither,
 * there was a moment without one, or it went from the ephemeral ones to the persistent ones in between: then the ephemeral
 * value, which may vanish at any time, vanished a moment before it was replaced. The other way round a persistent value would
 * go unnoticed. Thread-safe; the caller has checked arguments and pool state.
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

    Blobs(ChainParts parts, Putter putter, Getter getter, Flusher flusher) {
        this.directory = parts.directory();
        this.scratches = parts.scratches();
        this.sampler = parts.sampler();
        this.putter = putter;
        this.getter = getter;
        this.flusher = flusher;
    }

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
            PoolLedger counting = pool.persistent();
            GetResult result = getter.find(pool.persistent(), object, index, scratch);
            if (result == GetResult.MISS) {
                counting = pool.ephemeral();
                result = getter.find(pool.ephemeral(), object, index, scratch);
            }
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
        int length = flusher.length(pool.persistent(), object, index);
        return length == Flusher.NOT_HELD ? flusher.length(pool.ephemeral(), object, index) : length;
    }

    /** Forgets a value; returns whether there was one. */
    public boolean flush(Ledgers pool, ObjectId object, long index) {
        return flusher.flush(pool.persistent(), object, index);
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
