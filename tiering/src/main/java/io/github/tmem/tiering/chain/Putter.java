package io.github.tmem.tiering.chain;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.chain.PutAttempt.EntryOrigin;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.Stamps;
import io.github.tmem.tiering.directory.TrackedObject;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts: object number, then stamp → encode → entry and room reserved, copy written → one step under the shard's lock:
 * number still attached, entry's stamp lower, or a fill's? link the new entry, unlink the old → free what lost.
 *
 * <p>A put that is overtaken by a newer put or a flush frees its own copy and reports stored: it came first. A put that
 * every tier refuses removes the older entry in one step (L3).
 */
final class Putter {
    /** The tier name in the result of a put that took no room. */
    static final String DIRECTORY = "directory";

    /** How often a put swings before the quota is called exhausted: others may take the room that was there each time. */
    private static final int SWINGS_MAX = 16;

    /** In the place of the token of a put that has none. */
    private static final long NO_TOKEN = 0;

    private static final StoredResults STORED_IN_DIRECTORY = StoredResults.in(DIRECTORY);
    private static final Map<Refusal, PutResult> REFUSED = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) {
            REFUSED.put(refusal, PutResult.refused(refusal));
        }
    }

    private final Directory directory;
    private final Tiers tiers;
    private final ScratchPool scratches;
    private final Stamps stamps;
    private final DeadPages deadPages;
    private final Victims victims;
    private final Offers offers;
    private final Upkeep upkeep;
    private final PutSwing swing;
    private final QuotaRoom quotaRoom;
    private final DirectoryCounters counters;
    private final Sampler sampler;

    Putter(ChainParts parts, DeadPages deadPages, Victims victims, Offers offers, Upkeep upkeep) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.stamps = parts.stamps();
        this.deadPages = deadPages;
        this.victims = victims;
        this.offers = offers;
        this.upkeep = upkeep;
        this.swing = new PutSwing(parts);
        this.quotaRoom = new QuotaRoom(parts.directory(), victims);
        this.counters = parts.counters();
        this.sampler = parts.sampler();
    }

    PutResult put(PoolLedger pool, ObjectId id, long index, MemorySegment page) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(page);
            return put(pool, id, index, scratch, NO_TOKEN);
        } finally {
            scratches.release(scratch);
        }
    }

    PutResult put(PoolLedger pool, ObjectId id, long index, byte[] page) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(page);
            return put(pool, id, index, scratch, NO_TOKEN);
        } finally {
            scratches.release(scratch);
        }
    }

    /** A stamp for the put of a page that is about to be read from its source. */
    long fillToken(PoolLedger pool, ObjectId id, long index) {
        Shard shard = directory.shardOf(pool, id, index);
        shard.lock();
        try {
            directory.fences().open(shard, stamps);
        } finally {
            shard.unlock();
        }
        return stamps.nextToken();
    }

    /** Puts a page that was read from its source after the token was taken. */
    PutResult fill(PoolLedger pool, ObjectId id, long index, MemorySegment page, long token) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(page);
            return put(pool, id, index, scratch, token == NO_TOKEN ? Long.MAX_VALUE : token);
        } finally {
            scratches.release(scratch);
        }
    }

    private PutResult put(PoolLedger pool, ObjectId id, long index, Scratch scratch, long token) {
        long begun = sampler.begin();
        PutResult result = settle(pool, id, index, scratch, token);
        if (begun != Sampler.NOT_SAMPLED) {
            boolean inTier = result.stored() && scratch.attempt().place().hasCopy();
            sampler.end(
                    begun,
                    result.stored() ? Operation.PUT : Operation.PUT_REFUSED,
                    inTier ? tiers.numbered(scratch.attempt().place().tier()).name() : Recorder.NO_TIER);
        }
        return result;
    }

    private PutResult settle(PoolLedger pool, ObjectId id, long index, Scratch scratch, long token) {
        scratch.allowVictims(RoomMaker.VICTIMS_MAX);
        PutAttempt attempt = scratch.attempt();
        TrackedObject object = directory.acquire(pool, id);
        attempt.begin(object, index, stamps.next());
        if (token != NO_TOKEN) {
            attempt.fill(token);
        }
        boolean placed = false;
        boolean settled = false;
        try {
            scratch.page().load(scratch.caller());
            Refusal refusal = swing.isOutdated(attempt) ? Refusal.OUTDATED : place(attempt, scratch);
            placed = true;
            PutResult result = refusal == null ? stored(attempt) : refuse(attempt, scratch, refusal);
            settled = true;
            return result;
        } finally {
            if (attempt.isLinked() && !placed) {
                countStored(attempt); // it failed behind its swing, as the older copy was freed
            }
            if (!settled) {
                swing.withdraw(attempt, scratch);
            }
            if (!attempt.isLinked()) {
                directory.retireIfUnused(attempt.object());
            }
        }
    }

    /** Writes the copy and swings; null, or why that failed everywhere. */
    private @Nullable Refusal place(PutAttempt attempt, Scratch scratch) {
        Refusal refusal = attempt.pool().isFrozen() ? Refusal.FROZEN : reserve(attempt, scratch);
        for (int tries = 0; refusal == null && tries < SWINGS_MAX; tries++) {
            switch (swing.swing(attempt, scratch)) {
                case ENDED -> {
                    return attempt.isOutdated() ? Refusal.OUTDATED : null;
                }
                case ENTRY_GONE -> refusal = reserveAnew(attempt, scratch);
                case OVER_QUOTA -> refusal = quotaRoom.make(attempt, scratch) ? null : Refusal.OVER_QUOTA;
            }
        }
        return refusal == null ? Refusal.OVER_QUOTA : refusal; // a put with an entry of its own ends or is over quota
    }

    /**
     * Encodes the page as the first tier wants it, unless it needs no copy, or passes that tier by and no quota asks for its length.
     * Returns whether the quota has room for it.
     */
    private boolean encodeWithinQuota(PutAttempt attempt, Scratch scratch) {
        PageBuffer page = scratch.page();
        if (page.isSameFilled()) {
            return true;
        }
        PoolLedger pool = attempt.pool();
        Tier first = tiers.first();
        if (pool.hasQuota() || pool.kind() == PageKind.PERSISTENT || !first.isPassedBy()) {
            page.encode(first.codec());
        }
        return !pool.hasQuota() || quotaRoom.make(attempt, scratch);
    }

    /** Finds or takes an entry, takes room and writes the copy; null, or why that failed everywhere. */
    private @Nullable Refusal reserve(PutAttempt attempt, Scratch scratch) {
        if (!attempt.pool().hasIndex(attempt.index())) {
            return Refusal.WRONG_INDEX;
        }
        directory.shardOf(attempt.object(), attempt.index()).prefetch(attempt.object(), attempt.index());
        if (!encodeWithinQuota(attempt, scratch)) { // while its entry comes from memory
            return Refusal.OVER_QUOTA;
        }
        boolean found = glimpseOlderEntry(attempt, scratch.look())
                || takeFreeEntry(attempt)
                || findOlderEntry(attempt)
                || takeVictimsEntry(attempt, scratch);
        return found ? store(attempt, scratch) : Refusal.DIRECTORY_FULL;
    }

    /** The same with an entry of one's own, after the older one, whose number the copy bears, has gone. */
    private @Nullable Refusal reserveAnew(PutAttempt attempt, Scratch scratch) {
        swing.freeOwnCopy(attempt);
        attempt.forgetAnswers();
        attempt.entryGone();
        boolean found = takeFreeEntry(attempt) || takeVictimsEntry(attempt, scratch);
        return found ? store(attempt, scratch) : Refusal.DIRECTORY_FULL;
    }

    private @Nullable Refusal store(PutAttempt attempt, Scratch scratch) {
        PageBuffer page = scratch.page();
        if (page.isSameFilled()) {
            attempt.place().filled(page.firstWord());
            return null;
        }
        Refusal refusal = offers.toTiers(attempt, scratch);
        if (refusal == Refusal.FULL && giveUpOlderCopy(attempt, scratch)) {
            refusal = offers.toTiers(attempt, scratch);
        }
        return refusal;
    }

    /**
     * An overwrite keeps the key's entry where it is linked, so that only its content has to change. Whether it is the
     * key's entry is for the swing to say.
     */
    private boolean glimpseOlderEntry(PutAttempt attempt, Look look) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        return use(attempt, shard.glimpse(attempt.object(), attempt.index(), look), EntryOrigin.LINKED);
    }

    /** The same under the lock, before another page has to go or the put is refused: a glimpse may overlook an entry. */
    private boolean findOlderEntry(PutAttempt attempt) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        shard.lock();
        try {
            int entry = attempt.object().isAttached() ? shard.find(attempt.object(), attempt.index()) : Shard.NONE;
            boolean older = entry != Shard.NONE && !attempt.isOvertakenBy(shard.stampOf(entry));
            return use(attempt, older ? entry : Shard.NONE, EntryOrigin.LINKED);
        } finally {
            shard.unlock();
        }
    }

    private boolean takeFreeEntry(PutAttempt attempt) {
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        return use(attempt, directory.take(near), EntryOrigin.TAKEN);
    }

    /**
     * An entry of a dead page, else of a page that lives: that one is among the few that may be pushed out for an ephemeral
     * page (L10).
     */
    private boolean takeVictimsEntry(PutAttempt attempt, Scratch scratch) {
        while (deadPages.reclaimOne(scratch.movingLook())) {
            if (takeFreeEntry(attempt)) {
                return true;
            }
        }
        if (attempt.pool().kind() == PageKind.EPHEMERAL && !scratch.spendVictim()) {
            return false;
        }
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        return use(attempt, victims.takeEntry(near, scratch.movingLook()), EntryOrigin.TAKEN);
    }

    private static boolean use(PutAttempt attempt, int entry, EntryOrigin origin) {
        if (entry == Shard.NONE) {
            return false;
        }
        attempt.entry(entry, origin);
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
            int older = directory.entryOf(shard, attempt.object(), attempt.index());
            if (older == Shard.NONE
                    || attempt.isOvertakenBy(shard.stampOf(older))
                    || shard.stateOf(older) != EntryState.STORED
                    || swing.isOutdated(shard, attempt)) {
                return false;
            }
            shard.look(older, look);
            shard.markReplacing(older, attempt.stamp());
        } finally {
            shard.unlock();
        }
        return freeNow(look);
    }

    private void countStored(PutAttempt attempt) {
        offers.count(attempt);
        if (!attempt.place().hasCopy()) {
            counters.stored.increment();
        }
    }

    private PutResult stored(PutAttempt attempt) {
        countStored(attempt);
        if (!attempt.place().hasCopy()) {
            return STORED_IN_DIRECTORY.of(attempt.pool().write());
        }
        Tier tier = tiers.numbered(attempt.place().tier());
        upkeep.noteStored(tier, attempt.pool().kind()); // now that the page can be found and moved
        return tier.storedHere().of(attempt.pool().write());
    }

    private PutResult refuse(PutAttempt attempt, Scratch scratch, Refusal reason) {
        swing.withdraw(attempt, scratch);
        Refusal refusal = attempt.isOutdated() ? Refusal.OUTDATED : reason;
        if (refusal != Refusal.OUTDATED && refusal != Refusal.OVER_QUOTA) { // which no tier said
            offers.count(attempt);
        }
        attempt.pool().countRefused(refusal);
        RefusalLog.note(attempt.pool(), refusal);
        PutResult result = REFUSED.get(refusal);
        assert result != null;
        return result;
    }

    /** Frees a copy whose room is wanted at once; false if the tier did not answer. */
    private boolean freeNow(Look look) {
        return look.state() != EntryState.STORED || tiers.numbered(look.tier()).freeNow(look.locator(), look.length());
    }
}
