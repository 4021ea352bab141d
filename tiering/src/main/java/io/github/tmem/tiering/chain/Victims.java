package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Directory.Choice;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import org.jspecify.annotations.Nullable;

/**
 * Pushes single pages out of their tier: down the chain, or out of it. Victims come from the shard at hand first, else
 * from the fullest; one shard is locked at a time.
 */
final class Victims {
    private static final Choice[] CHOICES = Choice.values();

    private final Directory directory;
    private final Tiers tiers;
    private final Mover mover;
    private final DirectoryCounters counters;
    private final Sampler sampler;

    Victims(ChainParts parts, Mover mover) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.mover = mover;
        this.counters = parts.counters();
        this.sampler = parts.sampler();
    }

    /** What dropping a page came to. */
    enum Drop {
        /** A page is gone and its room free. */
        DROPPED,
        /** There was no page to drop. */
        NONE_LEFT,
        /** A page is gone; the tier did not answer, so its room is still taken. */
        UNANSWERED
    }

    /**
     * Drops one ephemeral page of a tier, and frees its copy.
     *
     * @param length the length the caller needs room for
     */
    Drop dropOne(Tier tier, Shard near, int length, Look look) {
        return unlinkOne(tier, near, length, Choice.RESTING, look) ? freeDropped(tier, look) : Drop.NONE_LEFT;
    }

    /**
     * Drops one ephemeral page for a page that must have the room: when none stands still, one that is being moved. Its
     * mover notices at its second look.
     */
    Drop dropAny(Tier tier, Shard near, int length, Look look) {
        boolean found = unlinkOne(tier, near, length, Choice.RESTING, look)
                || unlinkOne(tier, near, length, Choice.HIDDEN, look);
        return found ? freeDropped(tier, look) : Drop.NONE_LEFT;
    }

    private Drop freeDropped(Tier tier, Look look) {
        tier.counters().evicted.increment();
        boolean freed = tier.freeNow(look.locator(), look.length());
        directory.give(look.entry());
        return freed ? Drop.DROPPED : Drop.UNANSWERED;
    }

    private boolean unlinkOne(Tier tier, Shard near, int length, Choice choice, Look look) {
        Shard shard = near;
        for (int i = 0; i <= directory.shardCount() && shard != null; i++) {
            shard.lock();
            try {
                int victim = shard.victim(tier.number(), PageKind.EPHEMERAL, length, choice);
                if (victim != Shard.NONE) {
                    shard.look(victim, look);
                    shard.unlink(victim, Ending.EVICTED);
                    return true;
                }
            } finally {
                shard.unlock();
            }
            shard = directory.fullest(tier.number(), PageKind.EPHEMERAL, choice);
        }
        return false;
    }

    /** Looks at the page of a tier that should leave it next, and hides it; false if there is none. */
    boolean hideOne(Tier tier, PageKind kind, Shard near, int length, Look look) {
        Shard shard = near;
        for (int i = 0; i <= directory.shardCount() && shard != null; i++) {
            shard.lock();
            try {
                int victim = shard.victim(tier.number(), kind, length, Choice.RESTING);
                if (victim != Shard.NONE) {
                    shard.look(victim, look);
                    shard.hide(victim);
                    return true;
                }
            } finally {
                shard.unlock();
            }
            shard = directory.fullest(tier.number(), kind, Choice.RESTING);
        }
        return false;
    }

    /** Moves a hidden page to the tier below, or ends its hiding. Returns whether the tier has a page less. */
    boolean demoteHidden(Tier tier, Tier below, Look look, Scratch scratch) {
        long begun = sampler.begin();
        Move move = Move.UNREADABLE;
        try {
            move = demote(tier, below, look, scratch);
        } finally {
            if (move == Move.NO_ROOM || move == Move.UNREADABLE) {
                leave(tier, look);
            }
        }
        if (move == Move.MOVED) {
            countDemotion(tier, below);
            sampler.end(begun, Operation.DEMOTE, below.name());
        } else if (move == Move.NO_ROOM) {
            below.counters().movesRefused.increment();
        }
        return move != Move.UNREADABLE && (move != Move.NO_ROOM || isEphemeral(look));
    }

    /** What becomes of a hidden page that could not be moved: an ephemeral one goes, a persistent one stays. */
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
            mover.settleDamage(look, tier, look.length(), scratch.moving());
            return Move.UNREADABLE;
        }
        int length = scratch.moving().length();
        if (!below.accepts(look.object().pool().kind(), scratch.moving())) {
            return Move.NO_ROOM;
        }
        Move move = mover.store(look, tier, below, scratch.moving(), scratch.movingPlace());
        while (move == Move.NO_ROOM
                && scratch.spendVictim()
                && dropOne(below, look.shard(), length, scratch.look()) == Drop.DROPPED) {
            move = mover.store(look, tier, below, scratch.moving(), scratch.movingPlace());
        }
        return move;
    }

    static void countDemotion(Tier from, Tier to) {
        from.counters().demotedOut.increment();
        to.counters().demotedIn.increment();
    }

    /**
     * Ends an ephemeral page of the shard at hand, else of the fullest, and hands over an entry in its stead.
     *
     * @return an entry of the shard at hand, linked nowhere, or {@link Shard#NONE} if there is no ephemeral page
     */
    int takeEntry(Shard near, Look look) {
        for (Choice choice : CHOICES) {
            Shard shard = near;
            for (int i = 0; i <= directory.shardCount() && shard != null; i++) {
                if (endOne(shard, choice, look)) {
                    if (look.state() == EntryState.STORED) {
                        Tier tier = tiers.numbered(look.tier());
                        tier.counters().evicted.increment();
                        tier.free(look);
                    } else {
                        counters.evicted.increment();
                    }
                    return directory.exchange(look.entry(), near);
                }
                shard = fullestOfAll(choice);
            }
        }
        return Shard.NONE;
    }

    private boolean endOne(Shard shard, Choice choice, Look look) {
        shard.lock();
        try {
            int victim = shard.victim(mostPopulous(shard, choice), PageKind.EPHEMERAL, 0, choice);
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

    /** The number of the tier with the most pages to choose from, pages without a copy being a tier of their own. */
    private int mostPopulous(Shard shard, Choice choice) {
        int most = Directory.WITHOUT_COPY;
        for (Tier tier : tiers.inOrder()) {
            if (shard.victims(tier.number(), PageKind.EPHEMERAL, choice)
                    > shard.victims(most, PageKind.EPHEMERAL, choice)) {
                most = tier.number();
            }
        }
        return most;
    }

    private @Nullable Shard fullestOfAll(Choice choice) {
        Shard fullest = directory.fullest(Directory.WITHOUT_COPY, PageKind.EPHEMERAL, choice);
        for (Tier tier : tiers.inOrder()) {
            if (fullest == null) {
                fullest = directory.fullest(tier.number(), PageKind.EPHEMERAL, choice);
            }
        }
        return fullest;
    }
}
