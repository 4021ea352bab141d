package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;

/**
 * Makes room under the quota of a put's pool, before any other pool has to give way for the page: ephemeral pages of the same
 * pool go, within the bounds of L10; a persistent value takes the room of ephemeral ones (L9). Only the swing, which charges the difference, says for sure whether there is room.
 */
final class QuotaRoom {
    private final Directory directory;
    private final Victims victims;

    QuotaRoom(Directory directory, Victims victims) {
        this.directory = directory;
        this.victims = victims;
    }

    /** Whether the pool's quota has room for the encoded page in the place of the key's older one. */
    boolean make(PutAttempt attempt, Scratch scratch) {
        PoolLedger pool = attempt.pool();
        int length = scratch.page().length();
        if (pool.hasRoomFor(length)) {
            return true;
        }
        PoolLedger victim = pool.kind() == PageKind.EPHEMERAL ? pool : pool.twin();
        while (!pool.hasRoomFor(length - lengthOfOlder(attempt))) {
            if (victim == null || !dropOne(victim, attempt, scratch)) {
                return false;
            }
        }
        return true;
    }

    /** An ephemeral page drops so many others and no more (L10); a persistent one may drop all of its pool's values. */
    private boolean dropOne(PoolLedger victim, PutAttempt attempt, Scratch scratch) {
        int length = scratch.page().length();
        Look look = scratch.movingLook();
        return attempt.pool().kind() == PageKind.EPHEMERAL
                ? scratch.spendVictim() && victims.dropOwn(victim, near(attempt), length, look)
                : victims.dropAnyOwn(victim, near(attempt), length, look);
    }

    private Shard near(PutAttempt attempt) {
        return directory.shardOf(attempt.object(), attempt.index());
    }

    private int lengthOfOlder(PutAttempt attempt) {
        Shard shard = near(attempt);
        shard.lock();
        try {
            int entry = directory.entryOf(shard, attempt.object(), attempt.index()); // also one that waits for the put
            return entry == Shard.NONE || attempt.isOvertakenBy(shard.stampOf(entry)) ? 0 : shard.lengthOf(entry);
        } finally {
            shard.unlock();
        }
    }
}
