package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pages of detached objects whose entries and copies are still there. Whoever detached an object reclaims them all; a put
 * that meets a full tier or a full directory meanwhile helps, so that no page that lives goes, and no put is refused, for
 * the sake of a dead one. Thread-safe.
 */
final class DeadPages {
    private final Directory directory;
    private final Tiers tiers;
    private final ConcurrentLinkedQueue<DeadObject> objects = new ConcurrentLinkedQueue<>();

    DeadPages(ChainParts parts) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
    }

    /** A detached object, and how many of its pages have been reclaimed, by whomever. */
    static final class DeadObject {
        private final TrackedObject object;
        private final AtomicLong reclaimed = new AtomicLong();

        private DeadObject(TrackedObject object) {
            this.object = object;
        }
    }

    /** Takes in an object that the caller has detached, and will {@linkplain #reclaim reclaim}. */
    DeadObject add(TrackedObject detached) {
        DeadObject dead = new DeadObject(detached);
        objects.add(dead);
        return dead;
    }

    /** Removes what is left of an object's pages; returns how many there were when it was added. */
    long reclaim(DeadObject dead, Look look) {
        while (reclaimOne(dead, look)) {
            // one page at a time: a shard's lock is held for one step only
        }
        objects.remove(dead);
        return dead.reclaimed.get();
    }

    /** Removes one page of any detached object; false if none is left. */
    boolean reclaimOne(Look look) {
        for (DeadObject dead = objects.peek(); dead != null; dead = objects.peek()) {
            if (reclaimOne(dead, look)) {
                return true;
            }
            objects.remove(dead);
        }
        return false;
    }

    private boolean reclaimOne(DeadObject dead, Look look) {
        for (long shards = dead.object.shards(); shards != 0; shards = dead.object.shards()) {
            if (unlinkOne(dead, directory.shard(Long.numberOfTrailingZeros(shards)), look)) {
                free(look);
                return true;
            }
        }
        return false;
    }

    private static boolean unlinkOne(DeadObject dead, Shard shard, Look look) {
        shard.lock();
        try {
            int entry = shard.anyOf(dead.object);
            if (entry == Shard.NONE) {
                return false; // somebody else has taken the last one
            }
            shard.look(entry, look);
            shard.unlink(entry, Ending.FLUSHED);
            if (look.state() != EntryState.REPLACING) {
                dead.reclaimed.incrementAndGet();
            }
            return true;
        } finally {
            shard.unlock();
        }
    }

    /** Frees entry and copy of a page that has been unlinked. */
    void free(Look look) {
        if (look.state() == EntryState.STORED) {
            tiers.numbered(look.tier()).free(look);
        }
        directory.give(look.entry());
    }
}
