package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import java.util.List;

/**
 * Goes through the keys of a blob pool in the order of their hashes, a stretch at a time; where it is is a number, and
 * nothing is kept between two stretches. A key that has a value all the time is found, whatever entry it has and however
 * the hash tables grow. Belongs to one thread.
 *
 * <pre>
 *   cursor, from bit 0:  reversed lower 32 bits of the next hash | shard
 * </pre>
 */
public final class HashScan {
    /** About how many entries are passed by while one shard is locked. */
    private static final int ENTRIES_AT_ONCE = 64;

    /** How many buckets, beside one for each key that is wanted, are looked into at most: other pools may have most entries. */
    private static final int BUCKETS_MAX = 4096;

    private final Directory directory;
    private final PoolLedger persistent;
    private final PoolLedger ephemeral;
    private final Look look = new Look();
    private long next;
    private int bucketsLeft;

    /** A scan of the values of both kinds. */
    public HashScan(Directory directory, PoolLedger persistent, PoolLedger ephemeral) {
        this.directory = directory;
        this.persistent = persistent;
        this.ephemeral = ephemeral;
    }

    /**
     * Adds the next keys, perhaps none.
     *
     * @param cursor 0 to begin, or what was returned before; any other number ends the scan or begins it somewhere
     * @param most about how many keys are wanted
     * @return the cursor to go on with; 0 at the end
     */
    public long next(long cursor, int most, List<PageKey> found) {
        next = cursor;
        bucketsLeft = Math.max(most, BUCKETS_MAX);
        while (bucketsLeft > 0 && found.size() < most) {
            long shard = next >>> Integer.SIZE;
            if (shard >= directory.shardCount()) {
                return 0;
            }
            visit(directory.shard((int) shard), most, found);
        }
        return next >>> Integer.SIZE < directory.shardCount() ? next : 0;
    }

    /** Goes through buckets of one shard under its lock. */
    private void visit(Shard shard, int most, List<PageKey> found) {
        long end = (shard.number() + 1L) << Integer.SIZE;
        Buckets buckets = shard.buckets();
        int passed = 0;
        shard.lock();
        try {
            while (next < end && passed < ENTRIES_AT_ONCE && bucketsLeft > 0 && found.size() < most) {
                int entry = buckets.firstReversed((int) next);
                while (entry != Shard.NONE) {
                    shard.look(entry, look);
                    add(found);
                    passed++;
                    entry = buckets.next(entry);
                }
                passed++;
                bucketsLeft--;
                next = ((long) shard.number() << Integer.SIZE) + buckets.after((int) next);
            }
        } finally {
            look.clear();
            shard.unlock();
        }
    }

    private void add(List<PageKey> found) {
        TrackedObject object = look.object();
        PoolLedger pool = object.pool();
        boolean held = pool.kind() == PageKind.PERSISTENT || look.state() != EntryState.REPLACING;
        if ((pool == persistent || pool == ephemeral) && object.isAttached() && held) {
            found.add(new PageKey(object.id(), look.index()));
        }
    }
}
