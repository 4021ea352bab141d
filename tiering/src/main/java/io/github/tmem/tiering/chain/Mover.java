package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.policy.Standing;

/**
 * Moves a copy from one tier to another, or inside one: look → copy → one step under the shard's lock: same stamp
 * <em>and</em> same locator? swing → free the loser. A move never starts another move.
 */
final class Mover {
    /** How a move ended. */
    enum Move {
        /** The page is in the new place. */
        MOVED,
        /** The page had been flushed, replaced, taken or moved meanwhile. */
        OVERTAKEN,
        /** The new place does not take the page now, or its pool's quota not the form it has there. The page is where it was. */
        NO_ROOM,
        /** The copy cannot be read now. The page is where it was. */
        UNREADABLE
    }

    private final Directory directory;
    private final Tiers tiers;

    Mover(ChainParts parts) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
    }

    /** Reads the copy a look names into {@code page}, checked; false when that is not possible. */
    boolean read(Look look, Tier from, PageBuffer page) {
        page.prepare(look.object().pool().pageSize());
        int result = from.get(look, page);
        if (result == look.length()) {
            return true;
        }
        if (result != Outcome.UNAVAILABLE) {
            settleDamage(look, from, result, page);
        }
        return false;
    }

    /**
     * Ends or marks a page whose copy was found gone or damaged, if it is still the page's copy (L5, L6). The verdict falls
     * under the shard's lock, where nothing moves, after the copy has been read once more in a local tier: a page that left
     * its slot and came back under the same name looks damaged to who read in between. From a slow tier the copy is read once
     * more before: what was damaged on its way is still whole where it is kept.
     *
     * @param result what the tier answered: {@link Outcome#GONE}, the right length for a copy that is intact but does not
     *     decode, or anything else for a copy that is there and wrong
     * @param page where to read the copy; prepared for the page's size
     */
    void settleDamage(Look look, Tier from, int result, PageBuffer page) {
        if (!from.isLocal() && result != look.length() && mayBeWhole(look, from, page)) {
            return;
        }
        Shard shard = look.shard();
        boolean persistent = look.object().pool().kind() == PageKind.PERSISTENT;
        shard.lock();
        try {
            boolean readAgain = from.isLocal() && result != look.length();
            if (!shard.stillHolds(look) || (readAgain && from.get(look, page) == look.length())) {
                return;
            }
            if (persistent) {
                shard.markLost(look.entry());
                look.object().pool().countLost();
            } else {
                shard.unlink(look.entry(), Ending.DROPPED);
            }
        } finally {
            shard.unlock();
        }
        TierCounters counters = from.counters();
        (result == Outcome.GONE ? counters.gone : counters.corrupt).increment();
        from.free(look);
        if (persistent) {
            counters.lost.increment();
        } else {
            counters.dropped.increment();
            directory.give(look.entry());
        }
    }

    /** Reads a copy once more. A tier that does not answer now says nothing about the copy. */
    private static boolean mayBeWhole(Look look, Tier from, PageBuffer page) {
        int result = from.get(look, page);
        return result == look.length() || result == Outcome.UNAVAILABLE;
    }

    /** Moves the page just read to the first tier, if its tier wants that and there is room without pushing anything out. */
    void promote(Tier from, Scratch scratch) {
        Look look = scratch.look();
        if (!isPromotable(from, look)) {
            return;
        }
        Tier first = tiers.first();
        if (!first.isOpen() || first.isAboveHigh()) {
            first.counters().movesRefused.increment();
            return;
        }
        PageBuffer page = scratch.page();
        if (!recode(from, first, page)) {
            return;
        }
        Move move = first.accepts(look.object().pool().kind(), page)
                ? store(look, from, first, page, scratch.movingPlace())
                : Move.NO_ROOM;
        if (move == Move.MOVED) {
            from.counters().promotedOut.increment();
            first.counters().promotedIn.increment();
        } else if (move == Move.NO_ROOM) {
            first.counters().movesRefused.increment();
        }
    }

    private boolean isPromotable(Tier tier, Look look) {
        Promotion promotion = tier.config().promote();
        boolean wanted = promotion == Promotion.ALWAYS
                || (promotion == Promotion.SECOND_HIT && Standing.credit(look.standing()) > 0);
        return wanted && tier != tiers.first();
    }

    /**
     * Gives the encoded bytes in {@code page} the form the target keeps. A page that goes down keeps its form where the other
     * is no shorter, unless the target keeps pages raw: what is cold is to take less room.
     *
     * @return false if the bytes do not decode
     */
    boolean recode(Tier from, Tier to, PageBuffer page) {
        boolean keepsShorter = to.codec() != Codecs.RAW && tiers.isDown(from, to);
        int before = page.codec();
        boolean decodes = keepsShorter ? page.recodeIfShorter(to.codec()) : page.recode(to.codec());
        if (page.codec() != before) {
            to.counters().recoded.increment();
        }
        return decodes;
    }

    /** Whether the target takes the page in the form {@code page} has now, and its pool's quota too. */
    boolean fits(Look look, Tier to, PageBuffer page) {
        PoolLedger pool = look.object().pool();
        return to.accepts(pool.kind(), page) && pool.hasRoomFor(page.length() - look.length());
    }

    /** Stores the encoded bytes in {@code page}, read under {@code look}, in {@code to} and swings. */
    Move store(Look look, Tier from, Tier to, PageBuffer page, Place place) {
        PageKind kind = look.object().pool().kind();
        long locator = to.put(kind, look.entry(), page);
        if (locator < 0) {
            return Move.NO_ROOM;
        }
        place.stored(to.number(), locator, page.codec(), page.length(), page.crc());
        return swing(look, from, to, place);
    }

    /** The one step of a move: compare stamp and locator, swing, free the loser. */
    Move swing(Look look, Tier from, Tier to, Place place) {
        Shard shard = look.shard();
        boolean down = tiers.isDown(from, to);
        Move move = Move.OVERTAKEN;
        try {
            shard.lock();
            try {
                if (shard.stillHolds(look)) {
                    boolean fits = down ? shard.sink(look.entry(), place) : shard.swing(look.entry(), place);
                    move = fits ? Move.MOVED : Move.NO_ROOM;
                }
            } finally {
                shard.unlock();
            }
        } finally {
            if (move != Move.MOVED) {
                to.free(place.locator(), place.length());
            }
        }
        if (move == Move.MOVED) {
            from.free(look);
        }
        return move;
    }

    /** Ends an ephemeral page that has to give way, if it is still the page that was seen. Returns whether it was. */
    boolean drop(Look look, Tier from) {
        Shard shard = look.shard();
        boolean mine;
        shard.lock();
        try {
            mine = shard.stillHolds(look);
            if (mine) {
                shard.unlink(look.entry(), Ending.EVICTED);
            }
        } finally {
            shard.unlock();
        }
        if (mine) {
            from.counters().evicted.increment();
            from.free(look);
            directory.give(look.entry());
        }
        return mine;
    }

    /** Puts a page whose move was given up back where victims are chosen from. Returns whether it is still as it was seen. */
    boolean stay(Look look) {
        Shard shard = look.shard();
        shard.lock();
        try {
            boolean mine = shard.stillHolds(look);
            if (mine) {
                shard.unhide(look.entry());
            }
            return mine;
        } finally {
            shard.unlock();
        }
    }
}
