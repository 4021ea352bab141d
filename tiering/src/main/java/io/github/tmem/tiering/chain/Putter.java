package io.github.tmem.tiering.chain;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.chain.PutAttempt.EntryOrigin;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import io.github.tmem.tiering.directory.TrackedObject.Status;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts: object number, then stamp → encode → entry and room reserved, copy written → one step under the shard's lock:
 * number still attached, entry's stamp lower? link the new entry, unlink the old → free what lost.
 *
 * <p>A put that is overtaken by a newer put or a flush frees its own copy and reports stored: it came first. A put that
 * every tier refuses removes the older entry in one step (L3).
 */
final class Putter {
    /** The tier name in the result of a put that took no room. */
    static final String DIRECTORY = "directory";

    /** Owed frees that a put into a full tier pays before it looks for victims. */
    private static final int FREES_MAX = 16;

    private static final PutResult STORED_IN_DIRECTORY = PutResult.storedIn(DIRECTORY);
    private static final Map<Refusal, PutResult> REFUSED = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) {
            REFUSED.put(refusal, PutResult.refused(refusal));
        }
    }

    private final Directory directory;
    private final List<Tier> tiers;
    private final ScratchPool scratches;
    private final AtomicLong stamps;
    private final Victims victims;
    private final RoomMaker roomMaker;
    private final Upkeep upkeep;

    Putter(ChainParts parts, Victims victims, RoomMaker roomMaker, Upkeep upkeep) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.stamps = parts.stamps();
        this.victims = victims;
        this.roomMaker = roomMaker;
        this.upkeep = upkeep;
    }

    PutResult put(PoolLedger pool, ObjectId id, long index, MemorySegment page) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.page().load(page);
            scratch.allowVictims(RoomMaker.VICTIMS_MAX);
            return put(pool, id, index, scratch);
        } finally {
            scratches.release(scratch);
        }
    }

    private PutResult put(PoolLedger pool, ObjectId id, long index, Scratch scratch) {
        PutAttempt attempt = scratch.attempt();
        TrackedObject object = directory.acquire(pool, id);
        attempt.begin(object, index, stamps.incrementAndGet());
        boolean settled = false;
        try {
            Refusal refusal = reserve(attempt, scratch);
            PutResult result = refusal == null ? swing(attempt, scratch) : refuse(attempt, scratch, refusal);
            settled = true;
            return result;
        } finally {
            if (!settled) {
                withdraw(attempt, scratch);
            }
            directory.retireIfUnused(attempt.object());
        }
    }

    /** Takes an entry and room, and writes the copy; null, or why that failed everywhere. */
    private @Nullable Refusal reserve(PutAttempt attempt, Scratch scratch) {
        if (!takeEntry(attempt, scratch)) {
            return Refusal.DIRECTORY_FULL;
        }
        PageBuffer page = scratch.page();
        if (page.isSameFilled()) {
            attempt.place().filled(page.firstWord());
            return null;
        }
        Refusal refusal = offerToTiers(attempt, scratch);
        if (refusal == Refusal.FULL && giveUpOlderCopy(attempt, scratch)) {
            refusal = offerToTiers(attempt, scratch);
        }
        return refusal;
    }

    /** The loop over the chain: the first tier that takes the page has it. */
    private @Nullable Refusal offerToTiers(PutAttempt attempt, Scratch scratch) {
        Refusal refusal = Refusal.DECLINED;
        for (Tier tier : tiers) {
            long result = offer(tier, attempt, scratch);
            if (result >= 0) {
                PageBuffer page = scratch.page();
                attempt.place().stored(tier.number(), result, page.codec(), page.length(), page.crc());
                attempt.placed();
                tier.counters().stored.increment();
                return null;
            }
            refusal = stronger(refusal, result);
        }
        return refusal;
    }

    private long offer(Tier tier, PutAttempt attempt, Scratch scratch) {
        PageKind kind = attempt.pool().kind();
        if (kind == PageKind.EPHEMERAL && tier.isPassedBy()) {
            tier.counters().full.increment();
            return Outcome.FULL;
        }
        PageBuffer page = scratch.page();
        page.encode(tier.codec());
        if (!tier.accepts(kind, page.length())) {
            return Outcome.DECLINED;
        }
        long result = tier.put(kind, attempt.entry(), page);
        if (result == Outcome.FULL && tier.owed().size() > 0) {
            tier.payOwed(FREES_MAX); // dead copies give way before anything else does
            result = tier.put(kind, attempt.entry(), page);
        }
        return result == Outcome.FULL ? roomMaker.makeRoom(tier, attempt, scratch) : result;
    }

    /** Of several tiers' reasons the one to report: full before unavailable before declined. */
    private static Refusal stronger(Refusal sofar, long outcome) {
        if (outcome == Outcome.FULL || sofar == Refusal.FULL) {
            return Refusal.FULL;
        }
        return outcome == Outcome.UNAVAILABLE ? Refusal.UNAVAILABLE : sofar;
    }

    private boolean takeEntry(PutAttempt attempt, Scratch scratch) {
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        int entry = directory.take(near);
        if (entry == Shard.NONE) {
            entry = victims.takeEntry(near, scratch.movingLook());
        }
        if (entry == Shard.NONE) {
            return giveUpOlderInPlace(attempt, scratch);
        }
        attempt.entry(entry, EntryOrigin.TAKEN);
        return true;
    }

    /** At a full directory the key's older entry becomes the new one's. */
    private boolean giveUpOlderInPlace(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look look = scratch.look();
        shard.lock();
        try {
            int older = olderEntry(shard, attempt);
            if (older == Shard.NONE) {
                return false;
            }
            shard.look(older, look);
            shard.markReplacing(older, attempt.stamp());
            attempt.entry(older, EntryOrigin.IN_PLACE);
        } finally {
            shard.unlock();
        }
        freeNow(look);
        return true;
    }

    /**
     * At a full chain the older copy of the key holds the very room its successor lacks: it goes first, and the put tries
     * once more. Its entry stays behind as {@link EntryState#REPLACING}, so that no get of a persistent page takes the
     * pause for a miss.
     */
    private boolean giveUpOlderCopy(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look look = scratch.look();
        shard.lock();
        try {
            int older = olderEntry(shard, attempt);
            if (older == Shard.NONE || shard.stateOf(older) != EntryState.STORED) {
                return false;
            }
            shard.look(older, look);
            shard.markReplacing(older, attempt.stamp());
        } finally {
            shard.unlock();
        }
        return freeNow(look);
    }

    /** The key's entry if it is older than the attempt and under an attached number, else none. */
    private static int olderEntry(Shard shard, PutAttempt attempt) {
        if (!attempt.object().isAttached()) {
            return Shard.NONE;
        }
        int entry = shard.find(attempt.object(), attempt.index());
        return entry != Shard.NONE && shard.stampOf(entry) < attempt.stamp() ? entry : Shard.NONE;
    }

    private PutResult swing(PutAttempt attempt, Scratch scratch) {
        Tier tier = attempt.hasCopy() ? tiers.get(attempt.place().tier()) : null;
        Ending overtaken = attempt.origin() == EntryOrigin.IN_PLACE ? settle(attempt) : link(attempt, scratch);
        if (overtaken != null) {
            attempt.pool().countOvertaken(overtaken);
            freeOwnCopy(attempt);
        }
        if (tier == null) {
            return STORED_IN_DIRECTORY;
        }
        upkeep.noteStored(tier, attempt.pool().kind()); // now that the page can be found and moved
        return tier.storedHere();
    }

    /** The swing into the older entry, if it still waits for this put; null, or how another operation ended the page. */
    private @Nullable Ending settle(PutAttempt attempt) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        shard.lock();
        try {
            if (!attempt.object().isAttached() || attempt.pool().isClosed()) {
                return Ending.FLUSHED;
            }
            int entry = shard.find(attempt.object(), attempt.index());
            if (entry == attempt.entry() && shard.stampOf(entry) == attempt.stamp()) {
                shard.settle(entry, attempt.place());
                attempt.linked();
                return null;
            }
            return entry == Shard.NONE ? Ending.FLUSHED : Ending.REPLACED;
        } finally {
            shard.unlock();
        }
    }

    /** The swing of an entry of one's own; null, or how another operation ended the page. */
    private @Nullable Ending link(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look old = scratch.look();
        while (true) {
            Ending overtaken = null;
            boolean replaced = false;
            boolean linked = false;
            directory.fillIn(attempt.entry(), attempt.object(), attempt.index(), attempt.stamp(), attempt.place());
            shard.lock();
            try {
                if (attempt.object().status() == Status.DETACHED
                        || attempt.pool().isClosed()) {
                    overtaken = Ending.FLUSHED;
                } else if (attempt.object().isAttached()) {
                    int older = shard.find(attempt.object(), attempt.index());
                    if (older != Shard.NONE && shard.stampOf(older) > attempt.stamp()) {
                        overtaken = Ending.REPLACED;
                    } else if (shard.link(attempt.entry(), attempt.object(), older)) {
                        linked = true;
                        attempt.linked();
                        replaced = older != Shard.NONE;
                        if (replaced) {
                            shard.look(older, old);
                            shard.unlink(older, Ending.REPLACED);
                        }
                    }
                }
            } finally {
                shard.unlock();
            }
            if (replaced) {
                free(old);
                directory.give(old.entry());
            }
            if (linked) {
                return null;
            }
            if (overtaken != null) {
                giveOwnEntry(attempt);
                return overtaken;
            }
            attempt.object(directory.acquire(
                    attempt.pool(), attempt.object().id())); // it was empty and retired, which is not flushed
        }
    }

    private PutResult refuse(PutAttempt attempt, Scratch scratch, Refusal refusal) {
        withdraw(attempt, scratch);
        attempt.pool().countRefused(refusal);
        PutResult result = REFUSED.get(refusal);
        assert result != null;
        return result;
    }

    /** The rejection step (L3): removes the older entry, and gives back what the attempt has in hand. */
    private void withdraw(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look look = scratch.look();
        boolean removed = false;
        shard.lock();
        try {
            int entry = attempt.object().isAttached() ? shard.find(attempt.object(), attempt.index()) : Shard.NONE;
            if (entry != Shard.NONE && shard.stampOf(entry) <= attempt.stamp()) {
                shard.look(entry, look);
                shard.unlink(entry, Ending.REPLACED);
                removed = true;
            }
        } finally {
            shard.unlock();
        }
        if (removed) {
            free(look);
            directory.give(look.entry());
        }
        freeOwnCopy(attempt);
        giveOwnEntry(attempt);
    }

    private void giveOwnEntry(PutAttempt attempt) {
        if (attempt.origin() == EntryOrigin.TAKEN) {
            int entry = attempt.entry();
            attempt.entryGone();
            directory.give(entry);
        }
    }

    private void freeOwnCopy(PutAttempt attempt) {
        if (attempt.hasCopy()) {
            attempt.copyGone();
            tiers.get(attempt.place().tier())
                    .free(attempt.place().locator(), attempt.place().length());
        }
    }

    /** Frees a copy whose room is wanted at once; false if the tier did not answer. */
    private boolean freeNow(Look look) {
        return look.state() != EntryState.STORED || tiers.get(look.tier()).freeNow(look.locator(), look.length());
    }

    private void free(Look look) {
        if (look.state() == EntryState.STORED) {
            tiers.get(look.tier()).free(look);
        }
    }
}
