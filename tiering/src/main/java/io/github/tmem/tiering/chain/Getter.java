package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import java.lang.foreign.MemorySegment;

/**
 * Gets: look → copy the encoded bytes to scratch, check → the second look → decode and deliver. An exclusive get decodes first,
 * and its second look is one step under the shard's lock, in which it removes the entry. A copy that is no longer the page's is
 * looked for again.
 *
 * <p>The caller's buffer is written last, when nothing can go wrong any more (L6).
 */
final class Getter {
    /** After so many looks in vain a copy in a local tier is read under the shard's lock, so that a get always ends. */
    private static final int LOOKS_MAX = 16;

    private static final long WAIT_NANOS = 20_000;

    private final Directory directory;
    private final Tiers tiers;
    private final ScratchPool scratches;
    private final Mover mover;
    private final DirectoryCounters counters;
    private final Sampler sampler;
    private final Misses misses;

    Getter(ChainParts parts, Mover mover) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.mover = mover;
        this.counters = parts.counters();
        this.sampler = parts.sampler();
        this.misses = new Misses(parts);
    }

    /** What a look came to. */
    private enum Step {
        HIT,
        MISS,
        LOST,
        UNAVAILABLE,
        /** There is a copy to be read. */
        COPY,
        /** The page changed under the look. */
        AGAIN,
        /** A put is about to replace the page. */
        WAIT,
        /** There is a value, which the caller's memory is too short for. */
        TOO_LONG
    }

    GetResult get(PoolLedger pool, ObjectId id, long index, MemorySegment destination, Reading reading) {
        long begun = sampler.begin();
        TrackedObject object = misses.objectOf(pool, id, index, begun);
        if (object == null) {
            return GetResult.MISS;
        }
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(destination);
            scratch.reading(reading);
            return answer(object, index, scratch, begun);
        } finally {
            scratches.release(scratch);
        }
    }

    GetResult get(PoolLedger pool, ObjectId id, long index, byte[] destination) {
        long begun = sampler.begin();
        TrackedObject object = misses.objectOf(pool, id, index, begun);
        if (object == null) {
            return GetResult.MISS;
        }
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(destination);
            scratch.reading(Reading.of(pool));
            return answer(object, index, scratch, begun);
        } finally {
            scratches.release(scratch);
        }
    }

    /** Reads a page, and nothing notes it: no count, no policy, no promotion. */
    GetResult peek(PoolLedger pool, ObjectId id, long index, byte[] destination) {
        Scratch scratch = scratches.acquire(pool.pageSize());
        try {
            scratch.caller().set(destination);
            scratch.reading(Reading.PEEK);
            return find(pool, id, index, scratch);
        } finally {
            scratches.release(scratch);
        }
    }

    /** Counts nothing of the answer. A value that {@linkplain Scratch#isTooLong is too long} is a hit that delivers nothing. */
    GetResult find(PoolLedger pool, ObjectId id, long index, Scratch scratch) {
        TrackedObject object = directory.find(pool, id);
        return object == null ? GetResult.MISS : resultOf(get(object, index, scratch));
    }

    private GetResult answer(TrackedObject object, long index, Scratch scratch, long begun) {
        GetResult result = resultOf(get(object, index, scratch));
        object.pool().count(result);
        note(begun, result, scratch);
        return result;
    }

    /** Tells the recorder of a get. */
    void note(long begun, GetResult result, Scratch scratch) {
        if (begun != Sampler.NOT_SAMPLED) {
            Look look = scratch.look();
            boolean fromTier = result == GetResult.HIT && look.state() == EntryState.STORED;
            sampler.end(
                    begun,
                    Sampler.operation(result),
                    fromTier ? tiers.numbered(look.tier()).name() : Recorder.NO_TIER);
        }
    }

    /** Looks until there is an answer. */
    private Step get(TrackedObject first, long index, Scratch scratch) {
        TrackedObject object = first;
        Step step = Step.AGAIN;
        int looks = 0;
        while (step == Step.AGAIN || step == Step.WAIT) {
            if (step == Step.WAIT) {
                Pause.nanos(WAIT_NANOS);
            }
            step = looks < LOOKS_MAX ? lookOnce(object, index, scratch) : lookLocked(object, index, scratch);
            looks += step == Step.AGAIN ? 1 : 0;
            TrackedObject current = object.isAttached() ? object : directory.find(object.pool(), object.id());
            if (step == Step.AGAIN && current == null) {
                step = Step.MISS;
            }
            object = current == null ? object : current;
        }
        return step;
    }

    private static GetResult resultOf(Step step) {
        return switch (step) {
            case HIT, TOO_LONG -> GetResult.HIT;
            case LOST -> GetResult.LOST;
            case UNAVAILABLE -> GetResult.UNAVAILABLE;
            case MISS -> GetResult.MISS;
            case COPY, AGAIN, WAIT -> throw new IllegalStateException("a get ended in " + step);
        };
    }

    private Step lookOnce(TrackedObject object, long index, Scratch scratch) {
        Step step = firstLook(object, index, scratch);
        if (step != Step.COPY) {
            return step == Step.HIT ? deliverFilled(scratch) : step;
        }
        Look look = scratch.look();
        if (scratch.isTooLong()) {
            return tooLong(look);
        }
        Tier tier = tiers.ifNumbered(look.tier());
        if (tier == null) {
            return Step.AGAIN; // a glimpse of an entry on its way to another key
        }
        return conclude(tier, tier.get(look, scratch.page()), scratch);
    }

    /**
     * Reads the page under the shard's lock, so that it cannot change meanwhile: only memory is copied in it, only from a
     * local tier, and only for a get that keeps the page. What is damaged is left to the ordinary way.
     */
    private Step lookLocked(TrackedObject object, long index, Scratch scratch) {
        Look look = scratch.look();
        Shard shard = directory.shardOf(object, index);
        int result = Outcome.GONE;
        shard.lock();
        try {
            int entry = object.isAttached() ? shard.find(object, index) : Shard.NONE;
            if (entry != Shard.NONE) {
                shard.look(entry, look);
                boolean stored = look.state() == EntryState.STORED;
                if (stored && scratch.isTooLong()) {
                    return Step.TOO_LONG;
                }
                if (stored
                        && scratch.reading() != Reading.TAKE
                        && tiers.numbered(look.tier()).isLocal()) {
                    result = tiers.numbered(look.tier()).get(look, scratch.page());
                }
            }
        } finally {
            shard.unlock();
        }
        PageBuffer page = scratch.page();
        if (result != look.length() || !page.decode()) {
            return lookOnce(object, index, scratch);
        }
        page.deliver(scratch.caller());
        countHit(tiers.numbered(look.tier()), scratch);
        return Step.HIT;
    }

    /** Looks at the page: HIT if one word fills it. Only what is to be read and looked at again is seen without the lock. */
    private Step firstLook(TrackedObject object, long index, Scratch scratch) {
        Look look = scratch.look();
        Shard shard = directory.shardOf(object, index);
        if (shard.glimpse(object, index, look) != Shard.NONE
                && look.isReadable(object.pool().lengthMax())) {
            return Step.COPY;
        }
        shard.lock();
        try {
            if (!object.isAttached()) {
                return Step.AGAIN;
            }
            int entry = shard.find(object, index);
            if (entry == Shard.NONE) {
                if (object.pool().learnsFromMisses() && scratch.reading() != Reading.PEEK) {
                    shard.markMissed(object, index);
                }
                return Step.MISS;
            }
            shard.look(entry, look);
            if (look.state() == EntryState.FILLED && scratch.reading() == Reading.TAKE) {
                if (scratch.caller().mayVanish()) {
                    fill(scratch);
                }
                shard.unlink(entry, Ending.TAKEN);
            }
        } finally {
            shard.unlock();
        }
        return switch (look.state()) {
            case FILLED -> Step.HIT;
            case STORED -> Step.COPY;
            case LOST -> Step.LOST;
            case REPLACING -> object.pool().kind() == PageKind.EPHEMERAL ? Step.MISS : Step.WAIT;
        };
    }

    private Step deliverFilled(Scratch scratch) {
        Look look = scratch.look();
        boolean taken = scratch.reading() == Reading.TAKE;
        if (taken) {
            directory.give(look.entry());
        }
        if (!taken || !scratch.caller().mayVanish()) {
            fill(scratch);
        }
        if (scratch.reading() != Reading.PEEK) {
            counters.hits.increment();
        }
        return Step.HIT;
    }

    private static void fill(Scratch scratch) {
        Look look = scratch.look();
        scratch.caller().fill(look.locator(), look.object().pool().pageSize());
    }

    /** The second look, and what follows from it and from what the tier answered. */
    private Step conclude(Tier tier, int result, Scratch scratch) {
        Look look = scratch.look();
        PageBuffer page = scratch.page();
        if (result == Outcome.UNAVAILABLE) {
            return unavailable(tier, look, scratch.reading());
        }
        boolean exclusive = scratch.reading() == Reading.TAKE;
        boolean intact = result == look.length();
        Shard shard = look.shard();
        if (intact && !exclusive) {
            return shard.stillHoldsUnlocked(look) ? show(tier, scratch) : Step.AGAIN;
        }
        // a page is given up only when its bytes are known to be good
        boolean good = intact && page.decode();
        shard.lock();
        try {
            if (!shard.stillHolds(look)) {
                return Step.AGAIN;
            }
            if (good) {
                if (scratch.caller().mayVanish()) {
                    page.deliver(scratch.caller()); // a page whose delivery fails stays
                }
                shard.unlink(look.entry(), Ending.TAKEN);
            }
        } finally {
            shard.unlock();
        }
        return good ? handOver(tier, scratch) : damaged(tier, look, result, page);
    }

    /** Delivers a page that has been removed and decoded. A hit is what was delivered. */
    private Step handOver(Tier tier, Scratch scratch) {
        Look look = scratch.look();
        if (!scratch.caller().mayVanish()) {
            scratch.page().deliver(scratch.caller());
        }
        countHit(tier, scratch);
        tier.free(look);
        directory.give(look.entry());
        return Step.HIT;
    }

    /** Delivers a page that stays. */
    private Step show(Tier tier, Scratch scratch) {
        Look look = scratch.look();
        if (!scratch.page().decodeTo(scratch.caller())) {
            return damaged(tier, look, look.length(), scratch.page());
        }
        countHit(tier, scratch);
        if (scratch.reading() != Reading.PEEK) {
            look.shard().noteHit(look);
            mover.promote(tier, scratch);
        }
        return Step.HIT;
    }

    private static void countHit(Tier tier, Scratch scratch) {
        if (scratch.reading() != Reading.PEEK) {
            tier.counters().hits.increment();
        }
    }

    /**
     * A time-out is a fence: before an ephemeral get says miss because a tier did not answer, the entry goes, so that the
     * tier cannot bring the page back when it answers again (L2).
     */
    private Step unavailable(Tier tier, Look look, Reading reading) {
        Shard shard = look.shard();
        shard.lock();
        try {
            if (!shard.stillHolds(look)) {
                return Step.AGAIN;
            }
            if (look.object().pool().kind() == PageKind.PERSISTENT || reading == Reading.PEEK) {
                return Step.UNAVAILABLE;
            }
            shard.unlink(look.entry(), Ending.DROPPED);
        } finally {
            shard.unlock();
        }
        tier.counters().dropped.increment();
        tier.free(look);
        directory.give(look.entry());
        return Step.MISS;
    }

    private static Step tooLong(Look look) {
        Shard shard = look.shard();
        shard.lock();
        try {
            return shard.stillHolds(look) ? Step.TOO_LONG : Step.AGAIN;
        } finally {
            shard.unlock();
        }
    }

    private Step damaged(Tier tier, Look look, int result, PageBuffer page) {
        mover.settleDamage(look, tier, result, page);
        return Step.AGAIN; // the next look finds it lost or absent, or intact
    }
}
