package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pushes single pages out of their tier: down the chain, or out of it. Victims come from the shard at hand first, else
 * from the fullest; one shard is locked at a time.
 */
final class Victims {
    private final Directory directory;
    private final List<Tier> tiers;
    private final Mover mover;

    Victims(Directory directory, List<Tier> tiers, Mover mover) {
        this.directory = directory;
        this.tiers = tiers;
        this.mover = mover;
    }

    /** The tier below, or null. */
    @Nullable
    Tier below(Tier tier) {
        return tier.number() + 1 < tiers.size() ? tiers.get(tier.number() + 1) : null;
    }

    /**
     * Drops one ephemeral page of a tier, its copy freed before the return.
     *
     * @param length the length the caller needs room for
     * @return whether there was one
     */
    boolean dropOne(Tier tier, int length, Shard near, Look look) {
        if (!dropIn(near, tier, length, look)
                && !dropIn(directory.fullest(tier.number(), PageKind.EPHEMERAL), tier, length, look)) {
            return false;
        }
        tier.counters().evicted.increment();
        tier.freeNow(look.locator(), look.length());
        directory.give(look.entry());
        return true;
    }

    private static boolean dropIn(Shard shard, Tier tier, int length, Look look) {
        shard.lock();
        try {
            int victim = shard.victim(tier.number(), PageKind.EPHEMERAL, length);
            if (victim == Shard.NONE) {
                return false;
            }
            shard.look(victim, look);
            shard.unlink(victim, Ending.EVICTED);
            return true;
        } finally {
            shard.unlock();
        }
    }

    /**
     * Moves one page of a tier to the tier below. An ephemeral page that finds no room there is dropped; a persistent one
     * stays.
     *
     * @return whether the tier has a page less
     */
    boolean demoteOne(Tier tier, Tier below, PageKind kind, Need need, Scratch scratch) {
        return hideOne(tier, kind, need, scratch.movingLook())
                && demoteHidden(tier, below, scratch.movingLook(), scratch);
    }

    /** Looks at the page of a tier that should leave it next, and hides it; false if there is none. */
    boolean hideOne(Tier tier, PageKind kind, Need need, Look look) {
        return hideIn(need.near(), tier, kind, need.length(), look)
                || hideIn(directory.fullest(tier.number(), kind), tier, kind, need.length(), look);
    }

    private static boolean hideIn(Shard shard, Tier tier, PageKind kind, int length, Look look) {
        shard.lock();
        try {
            int victim = shard.victim(tier.number(), kind, length);
            if (victim == Shard.NONE) {
                return false;
            }
            shard.look(victim, look);
            shard.hide(victim);
            return true;
        } finally {
            shard.unlock();
        }
    }

    /** Who needs room, and how much. */
    record Need(Shard near, int length) {}

    /** Moves a hidden page to the tier below, or ends its hiding. Returns whether the tier has a page less. */
    boolean demoteHidden(Tier tier, Tier below, Look look, Scratch scratch) {
        Move move = Move.UNREADABLE;
        try {
            move = demote(tier, below, look, scratch);
        } finally {
            if (move == Move.NO_ROOM || move == Move.UNREADABLE) {
                leave(tier, look);
            }
        }
        return move != Move.UNREADABLE && (move != Move.NO_ROOM || isEphemeral(look));
    }

    /** What becomes of a hidden page that could not be moved. */
    private void leave(Tier tier, Look look) {
        if (isEphemeral(look)) {
            mover.drop(look, tier);
        } else {
            mover.stay(look);
        }
    }

    private static boolean isEphemeral(Look look) {
        return look.object().pool().kind() == PageKind.EPHEMERAL;
    }

    private Move demote(Tier tier, Tier below, Look look, Scratch scratch) {
        if (!mover.read(look, tier, scratch.moving())) {
            return Move.UNREADABLE;
        }
        if (!mover.recode(tier, below, scratch.moving())) {
            mover.settleDamage(look, tier);
            return Move.UNREADABLE;
        }
        if (!below.accepts(look.object().pool().kind(), scratch.moving().length())) {
            return Move.NO_ROOM;
        }
        Move move = mover.store(look, tier, below, scratch.moving(), scratch.movingPlace());
        while (move == Move.NO_ROOM
                && scratch.spendVictim()
                && dropOne(below, scratch.moving().length(), look.shard(), scratch.look())) {
            move = mover.store(look, tier, below, scratch.moving(), scratch.movingPlace());
        }
        if (move == Move.MOVED) {
            countDemotion(tier, below);
        }
        return move;
    }

    static void countDemotion(Tier from, Tier to) {
        from.counters().demotedOut.increment();
        to.counters().demotedIn.increment();
    }

    /**
     * Ends the ephemeral page that was put longest ago in the shard at hand, else in the fullest, and hands over its
     * entry.
     *
     * @return the entry, linked nowhere, or {@link Shard#NONE} if there is no ephemeral page
     */
    int takeEntry(Shard near, Look look) {
        if (!endOldest(near, look) && !endOldest(fullestOfAll(), look)) {
            return Shard.NONE;
        }
        if (look.state() == EntryState.STORED) {
            Tier tier = tiers.get(look.tier());
            tier.counters().evicted.increment();
            tier.free(look);
        }
        return look.entry();
    }

    private boolean endOldest(Shard shard, Look look) {
        shard.lock();
        try {
            int victim = oldest(shard);
            if (victim == Shard.NONE) {
                return false;
            }
            shard.look(victim, look);
            shard.unlink(victim, Ending.EVICTED);
            return true;
        } finally {
            shard.unlock();
        }
    }

    private int oldest(Shard shard) {
        int oldest = shard.victim(Directory.WITHOUT_COPY, PageKind.EPHEMERAL, 0);
        for (Tier tier : tiers) {
            int candidate = shard.victim(tier.number(), PageKind.EPHEMERAL, 0);
            if (candidate != Shard.NONE && (oldest == Shard.NONE || shard.stampOf(candidate) < shard.stampOf(oldest))) {
                oldest = candidate;
            }
        }
        return oldest;
    }

    private Shard fullestOfAll() {
        Shard fullest = directory.fullest(Directory.WITHOUT_COPY, PageKind.EPHEMERAL);
        int most = fullest.victims(Directory.WITHOUT_COPY, PageKind.EPHEMERAL);
        for (Tier tier : tiers) {
            Shard candidate = directory.fullest(tier.number(), PageKind.EPHEMERAL);
            if (candidate.victims(tier.number(), PageKind.EPHEMERAL) > most) {
                most = candidate.victims(tier.number(), PageKind.EPHEMERAL);
                fullest = candidate;
            }
        }
        return fullest;
    }
}
