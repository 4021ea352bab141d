package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKey;
import java.util.List;

/**
 * Walks through the pages of one pool, in rounds, holding a lock for a few entries at a time. A key that has a page from the
 * beginning of a round to its end is found in it. For that, a shard is gone through once more if a page of any of its keys
 * went from one entry to another meanwhile, which is rare. Belongs to one thread at a time.
 */
public final class PageScan {
    private static final int ENTRIES_AT_ONCE = 64;
    private static final int FIRST = 1;

    private final Directory directory;
    private final PoolLedger pool;
    private final Look look = new Look();
    private int shard;
    private int next = FIRST;
    private int shardsLeft;
    private int successors;
    private boolean again;

    /** A scan of a pool, to begin with the first shard. */
    public PageScan(Directory directory, PoolLedger pool) {
        this.directory = directory;
        this.pool = pool;
    }

    /** Begins a round where the last one was left. */
    public void beginRound() {
        shardsLeft = directory.shardCount() + (next == FIRST ? 0 : 1);
    }

    /**
     * Adds the pages among the next entries.
     *
     * @return false, with nothing added, when the round has ended
     */
    public boolean next(List<PageKey> found) {
        if (shardsLeft == 0) {
            return false;
        }
        if (!visit(directory.shard(shard), found)) {
            next = FIRST;
            if (!again) {
                shard = (shard + 1) % directory.shardCount();
                shardsLeft--;
            }
        }
        return true;
    }

    /** Looks at the next entries of a shard; false if these were the last. */
    private boolean visit(Shard visited, List<PageKey> found) {
        EntryTable entries = visited.entries();
        visited.lock();
        try {
            if (next == FIRST) {
                successors = entries.successors();
            }
            again = successors != entries.successors();
            for (int end = next + ENTRIES_AT_ONCE; next < end; next++) {
                int entry = visited.number() << EntryDescriptor.LINK_BITS | next;
                if (!entries.owns(entry)) {
                    return false;
                }
                assert entries.visits().note();
                if (entries.stamp(entry) != 0) { // it is linked
                    visited.look(entry, look);
                    add(found);
                }
            }
        } finally {
            look.clear();
            visited.unlock();
        }
        return true;
    }

    private void add(List<PageKey> found) {
        TrackedObject object = look.object();
        if (object.pool() == pool && object.isAttached()) {
            found.add(new PageKey(object.id(), look.index()));
        }
    }
}
