package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late the keys of a directory were put or flushed, for puts of pages that were read from their source before: a
 * fence is a stamp, and what was read under a lower one, or the same, is not stored any more. Many keys share a fence, so
 * that a key may seem changed that is not; never the reverse.
 *
 * <p>Nothing is noted until the first token is taken, and of a shard's pages nothing until the first of these. A flush that
 * overlaps with that may count as the earlier: the page is read from its source after the token was taken. Fences of pages are guarded by the lock of their shard; those
 * of objects may be raised and asked by anybody.
 */
public final class Fences {
    private static final int PAGES_PER_SHARD = 512;
    private static final int OBJECTS = 1024;
    private static final long[] CLOSED = {};

    private final long[][] pages;
    private final AtomicLongArray objects = new AtomicLongArray(OBJECTS);
    private volatile boolean used;

    Fences(int shards) {
        pages = new long[shards][];
        Arrays.fill(pages, CLOSED);
    }

    /** Whether a token was ever taken; if not, no flush needs to be noted. */
    public boolean isUsed() {
        return used;
    }

    /** From now on the changes of a shard's pages are noted; all may have changed until now. */
    public void open(Shard shard, Stamps stamps) {
        assert shard.isHeldByCurrentThread();
        used = true;
        if (pages[shard.number()].length == 0) {
            pages[shard.number()] = new long[PAGES_PER_SHARD];
            Arrays.fill(pages[shard.number()], stamps.last());
        }
    }

    /**
     * Notes that a page was put, was refused or is flushed, at this moment: a put that began before a token was taken changes
     * the key after it.
     *
     * @param stamps the last stamp that was given out; read only if somebody needs it, for every put writes it
     */
    public void raise(Shard shard, TrackedObject object, long index, Stamps stamps) {
        if (isNoted(shard)) {
            raise(shard, object.hash(), index, stamps.last());
        }
    }

    /** Notes that a page is flushed, whose object need not be here. */
    public void raise(Shard shard, PoolLedger pool, ObjectId id, long index, Stamps stamps) {
        if (isNoted(shard)) {
            raise(shard, Hashing.object(pool.seed(), id), index, stamps.last());
        }
    }

    private boolean isNoted(Shard shard) {
        assert shard.isHeldByCurrentThread();
        return pages[shard.number()].length > 0;
    }

    private void raise(Shard shard, long objectHash, long index, long stamp) {
        long[] fences = pages[shard.number()];
        int fence = pageFence(objectHash, index);
        fences[fence] = Math.max(fences[fence], stamp);
    }

    /** Notes that an object, which need not be here, is about to be flushed. */
    public void raise(PoolLedger pool, ObjectId id, Stamps stamps) {
        if (used) {
            objects.accumulateAndGet(objectFence(Hashing.object(pool.seed(), id)), stamps.last(), Math::max);
        }
    }

    /** Whether a page, or its object, was put or flushed at this stamp or later. */
    public boolean isRaisedTo(Shard shard, TrackedObject object, long index, long stamp) {
        assert shard.isHeldByCurrentThread();
        long[] fences = pages[shard.number()];
        return fences.length == 0 // no token was ever taken
                || fences[pageFence(object.hash(), index)] >= stamp
                || objects.get(objectFence(object.hash())) >= stamp;
    }

    private static int pageFence(long objectHash, long index) {
        return (int) Hashing.page(objectHash, index) & PAGES_PER_SHARD - 1;
    }

    private static int objectFence(long objectHash) {
        return (int) objectHash & OBJECTS - 1;
    }
}
