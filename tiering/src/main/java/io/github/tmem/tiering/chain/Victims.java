package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.directory.Choice;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.PoolRanking;
import io.github.tmem.tiering.directory.Shard;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Pushes single pages out of their tier: down the chain, or out of it. Victims are those of the pool that is furthest above
 * its share of the tier, from the shard at hand first, else from the fullest; one shard is locked at a time.
 */
final class Victims {
    private static final Choice[] CHOICES = Choice.values();
    private static final Taking HIDE = new Taking(Choice.RESTING, Shard::hide);
    private static final Taking UNLINK = new Taking(Choice.RESTING, Victims::evict);
    private static final Taking UNLINK_HIDDEN = new Taking(Choice.HIDDEN, Victims::evict);

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

    private static void evict(Shard shard, int victim) {
        shard.unlink(victim, Ending.EVICTED);
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
        return takeOne(tier, PageKind.EPHEMERAL, near, length, UNLINK, look) ? freeDropped(tier, look) : Drop.NONE_LEFT;
    }

    /**
     * Drops one ephemeral page for a page that must have the room: when none stands still, one that is being moved. Its
     * mover notices at its second look.
     */
    Drop dropAny(Tier tier, Shard near, int length, Look look) {
        boolean found = takeOne(tier, PageKind.EPHEMERAL, near, length, UNLINK, look)
                || takeOne(tier, PageKind.EPHEMERAL, near, length, UNLINK_HIDDEN, look);
        return found ? freeDropped(tier, look) : Drop.NONE_LEFT;
    }

    private Drop freeDropped(Tier tier, Look look) {
        tier.counters().evicted.increment();
        boolean freed = tier.freeNow(look.locator(), look.length());
        directory.give(look.entry());
        return freed ? Drop.DROPPED : Drop.UNANSWERED;
    }

    /**
     * Drops one ephemeral page of a pool that has to make room for another of its own: from the last tier that has one at
     * rest. Returns whether there was one.
     */
    boolean dropOwn(PoolLedger pool, Shard near, int length, Look look) {
        return dropOwn(pool, near, length, UNLINK, look);
    }

    /** The same for a page that must have the room: when none is at rest, one that is being moved. */
    boolean dropAnyOwn(PoolLedger pool, Shard near, int length, Look look) {
        return dropOwn(pool, near, length, UNLINK, look) || dropOwn(pool, near, length, UNLINK_HIDDEN, look);
    }

    private boolean dropOwn(PoolLedger pool, Shard near, int length, Taking taking, Look look) {
        Tier[] order = tiers.inOrder();
        for (int i = order.length - 1; i >= 0; i--) {
            Tier tier = order[i];
            Shard shard = near;
            for (int tries = 0; tries <= directory.shardCount() && shard != null; tries++) {
                if (takeOne(shard, pool, tier, length, taking, look)) {
                    tier.counters().evicted.increment();
                    tier.free(look); // nobody waits for its room
                    directory.give(look.entry());
                    return true;
                }
                shard = directory.fullest(pool, tier.number(), taking.choice());
            }
        }
        return false;
    }

    /** Looks at the page of a tier that should leave it next, and hides it; false if there is none. */
    boolean hideOne(Tier tier, PageKind kind, Shard near, int length, Look look) {
        return takeOne(tier, kind, near, length, HIDE, look);
    }

    /** What is done with a victim under the lock of its shard, and which pages may be one. */
    private record Taking(Choice choice, ObjIntConsumer<Shard> step) {}

    /** A victim of the pool that is furthest above its share: from the shard at hand, else from the fullest. */
    private boolean takeOne(Tier tier, PageKind kind, Shard near, int length, Taking taking, Look look) {
        PoolRanking ranking = directory.ranking();
        PoolLedger pool = ranking.first(tier.number(), kind, taking.choice());
        Shard shard = near;
        for (int i = 0; i <= directory.shardCount() && pool != null; i++) {
            if (takeOne(shard, pool, tier, length, taking, look)) {
                return true;
            }
            Shard fullest = directory.fullest(pool, tier.number(), taking.choice());
            if (fullest == null) {
                pool = ranking.next(tier.number(), kind, taking.choice());
            }
            shard = fullest == null ? near : fullest;
        }
        return false;
    }

    private static boolean takeOne(Shard shard, PoolLedger pool, Tier tier, int length, Taking taking, Look look) {
        shard.lock();
        try {
            int victim = shard.victim(pool, tier.number(), length, taking.choice());
            if (victim == Shard.NONE) {
                return false;
            }
            shard.look(victim, look);
            taking.step().accept(shard, victim);
            return true;
        } finally {
            shard.unlock();
        }
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
        if (!mover.fits(look, below, scratch.moving())) {
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
     * Ends an ephemeral page of the pool that is furthest above its share of the directory, in the shard at hand, else in
     * the fullest, and hands over an entry in its stead.
     *
     * @return an entry of the shard at hand, linked nowhere, or {@link Shard#NONE} if there is no ephemeral page
     */
    int takeEntry(Shard near, Look look) {
        for (Choice choice : CHOICES) {
            if (endOne(near, choice, look)) {
                if (look.state() == EntryState.STORED) {
                    Tier tier = tiers.numbered(look.tier());
                    tier.counters().evicted.increment();
                    tier.free(look);
                } else {
                    counters.evicted.increment();
                }
                return directory.exchange(look.entry(), near);
            }
        }
        return Shard.NONE;
    }

    private boolean endOne(Shard near, Choice choice, Look look) {
        PoolRanking ranking = directory.ranking();
        PoolLedger pool = ranking.first(PoolRanking.ENTRIES, PageKind.EPHEMERAL, choice);
        Shard shard = near;
        for (int i = 0; i <= directory.shardCount() && pool != null; i++) {
            if (endOne(shard, pool, choice, look)) {
                return true;
            }
            Shard fullest = fullestOfAll(pool, choice);
            if (fullest == null) {
                pool = ranking.next(PoolRanking.ENTRIES, PageKind.EPHEMERAL, choice);
            }
            shard = fullest == null ? near : fullest;
        }
        return false;
    }

    private boolean endOne(Shard shard, PoolLedger pool, Choice choice, Look look) {
        shard.lock();
        try {
            int victim = shard.victim(pool, mostPopulous(shard, pool, choice), 0, choice);
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
    private int mostPopulous(Shard shard, PoolLedger pool, Choice choice) {
        int most = Directory.WITHOUT_COPY;
        for (Tier tier : tiers.inOrder()) {
            if (shard.victims(pool, tier.number(), choice) > shard.victims(pool, most, choice)) {
                most = tier.number();
            }
        }
        return most;
    }

    private @Nullable Shard fullestOfAll(PoolLedger pool, Choice choice) {
        Shard fullest = directory.fullest(pool, Directory.WITHOUT_COPY, choice);
        for (Tier tier : tiers.inOrder()) {
            if (fullest == null) {
                fullest = directory.fullest(pool, tier.number(), choice);
            }
        }
        return fullest;
    }
}
