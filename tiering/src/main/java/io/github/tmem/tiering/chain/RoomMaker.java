package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.chain.Victims.Drop;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes room in a full tier for one put and stores it there, within the bounds of L10: an ephemeral put pushes out at
 * most two pages; a persistent put takes the room of ephemeral pages until it fits (L9), by whole slabs where memory is
 * handed out in slabs, so that the room freed is its own and of its size.
 */
final class RoomMaker {
    /** The most pages an ephemeral put pushes out of their tier (L10). */
    static final int VICTIMS_MAX = 2;

    /** How often a persistent put claims room before it is forwarded or refused. */
    private static final int CLAIMS_MAX = 8;

    /** How many slabs it empties one by one when there is nothing to claim: as many as the longest page takes, nearly. */
    private static final int COMPACTIONS_MAX = 64;

    /** How often, and how long each time, it waits for what others' claims leave over. */
    private static final int WAITS_MAX = 10_000;

    private static final long WAIT_NANOS = 50_000;

    /** How often a claimed slab is looked over for copies whose put or flush is still under way. */
    private static final int ROUNDS_MAX = 10_000;

    private final Directory directory;
    private final Tiers tiers;
    private final Victims victims;
    private final Mover mover;
    private final Departure relocating = this::relocate;
    private final Departure pushingOut = this::pushOut;

    RoomMaker(ChainParts parts, Victims victims, Mover mover) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.victims = victims;
        this.mover = mover;
    }

    /** Stores the attempt's page in a tier that answered FULL; the locator, or the last {@link Outcome}. */
    long makeRoom(Tier tier, PutAttempt attempt, Scratch scratch) {
        return attempt.pool().kind() == PageKind.EPHEMERAL
                ? forEphemeral(tier, attempt, scratch)
                : forPersistent(tier, attempt, scratch);
    }

    private long forEphemeral(Tier tier, PutAttempt attempt, Scratch scratch) {
        FullAction action = tier.whenFull(PageKind.EPHEMERAL);
        Tier below = tiers.below(tier);
        if (action == FullAction.FORWARD && below != null) {
            tier.passBy();
            return Outcome.FULL;
        }
        long result = putIntoClaim(tier, ClaimGoal.EPHEMERAL, attempt, scratch);
        if (action == FullAction.FORWARD || tier.isKeptForPersistent()) {
            return result;
        }
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        Tier into = action == FullAction.DEMOTE && below != null && below.isLocal() ? below : null;
        while (result == Outcome.FULL && scratch.spendVictim()) {
            boolean moreRoom = into != null
                    ? demoteOne(tier, into, PageKind.EPHEMERAL, near, scratch)
                    : victims.dropOne(tier, near, scratch.page().length(), scratch.movingLook()) == Drop.DROPPED;
            if (!moreRoom) {
                return Outcome.FULL;
            }
            result = tier.put(PageKind.EPHEMERAL, attempt.entry(), scratch.page());
        }
        return result;
    }

    /** Moves one page to the tier below; an ephemeral page that finds no room there is dropped, a persistent one stays. */
    private boolean demoteOne(Tier tier, Tier below, PageKind kind, Shard near, Scratch scratch) {
        Look look = scratch.movingLook();
        return victims.hideOne(tier, kind, near, scratch.page().length(), look)
                && victims.demoteHidden(tier, below, look, scratch);
    }

    private long forPersistent(Tier tier, PutAttempt attempt, Scratch scratch) {
        long result = tier.budget() == null
                ? putIntoClaim(tier, ClaimGoal.PERSISTENT, attempt, scratch)
                : putInsteadOfEphemeral(tier, attempt, scratch);
        Tier below = tiers.below(tier);
        if (result != Outcome.FULL || tier.whenFull(PageKind.PERSISTENT) != FullAction.DEMOTE || below == null) {
            return result;
        }
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        for (int i = 0; i < VICTIMS_MAX && result == Outcome.FULL; i++) {
            if (!demoteOne(tier, below, PageKind.PERSISTENT, near, scratch)) {
                return Outcome.FULL;
            }
            if (tier.owed().size() > 0) {
                tier.payOwed(VICTIMS_MAX); // the page that moved gives its room to this one, at once
            }
            result = Offers.putBehindFrees(tier, attempt, scratch.page());
        }
        return result;
    }

    /**
     * In keyed tiers room is bytes: what ephemeral pages give up is kept from others until it suffices. A tier that no
     * longer answers, or stays full with that room, is not emptied in vain.
     */
    private long putInsteadOfEphemeral(Tier tier, PutAttempt attempt, Scratch scratch) {
        ByteBudget budget = tier.budget();
        assert budget != null : tier.name();
        Shard near = directory.shardOf(attempt.object(), attempt.index());
        int length = scratch.page().length();
        long freed = 0;
        long result = Outcome.FULL;
        budget.beginWaiting();
        try {
            while (result == Outcome.FULL && (freed < length || !budget.hasRoom(length))) {
                Drop drop = victims.dropAny(tier, near, length, scratch.movingLook());
                if (drop != Drop.DROPPED) {
                    return drop == Drop.UNANSWERED ? Outcome.UNAVAILABLE : Outcome.FULL;
                }
                freed += scratch.movingLook().length();
                result = tier.put(PageKind.PERSISTENT, attempt.entry(), scratch.page());
            }
        } finally {
            budget.endWaiting();
        }
        return result;
    }

    /**
     * Stores the page in room that a claim frees. Another operation can take the places the claim's copies were to move
     * to; a persistent page then claims again, because ephemeral pages may remain. While another claim is open, the
     * ephemeral pages in it are nobody's to claim, but what it leaves over may serve this put. If there is nothing to
     * claim, slabs are emptied one by one as long as their copies fit elsewhere: with them the ephemeral pages may suffice.
     */
    private long putIntoClaim(Tier tier, ClaimGoal goal, PutAttempt attempt, Scratch scratch) {
        LocatedBackend located = tier.located();
        if (located == null) {
            return Outcome.FULL;
        }
        int claims = goal == ClaimGoal.PERSISTENT ? CLAIMS_MAX : 1;
        int waits = goal == ClaimGoal.PERSISTENT ? WAITS_MAX : 0;
        int compactions = goal == ClaimGoal.PERSISTENT ? COMPACTIONS_MAX : 0;
        long result = Outcome.FULL;
        while (result == Outcome.FULL && claims > 0) {
            long ended = located.claimsEnded();
            Claim claim = located.claim(goal, scratch.page().length());
            if (claim != null) {
                claims--;
                result = putInto(claim, tier, attempt, scratch);
            } else if (waits > 0 && located.claimsBegun() != ended) {
                waits--;
                LockSupport.parkNanos(WAIT_NANOS);
            } else if (compactions-- <= 0
                    || compactOnce(located, tier, ClaimGoal.FULL_COMPACTION, scratch) == Compaction.NONE) {
                return Outcome.FULL;
            }
            if (result == Outcome.FULL) {
                result = tier.put(attempt.pool().kind(), attempt.entry(), scratch.page());
            }
        }
        return result;
    }

    private long putInto(Claim claim, Tier tier, PutAttempt attempt, Scratch scratch) {
        try (claim) {
            return empty(claim, tier, scratch)
                    ? tier.putClaimed(claim, attempt.pool().kind(), attempt.entry(), scratch.page())
                    : Outcome.FULL;
        }
    }

    /** What an attempt to empty a slab came to. */
    enum Compaction {
        /** There is no slab whose copies fit elsewhere. */
        NONE,
        /** Others took the places that its copies were to move to. */
        FOILED,
        /** It can serve any class now. */
        EMPTIED
    }

    /** Empties one slab of a tier whose copies fit elsewhere, if there is one, so that it can serve any class again. */
    Compaction compactOnce(LocatedBackend located, Tier tier, ClaimGoal goal, Scratch scratch) {
        try (Claim claim = located.claim(goal, 1)) {
            if (claim == null) {
                return Compaction.NONE;
            }
            return empty(claim, tier, scratch) ? Compaction.EMPTIED : Compaction.FOILED;
        }
    }

    /** What makes one copy leave a claim. */
    @FunctionalInterface
    interface Departure {
        /** Makes a hidden page leave its place, or ends its hiding; false if it has to stay. */
        boolean leave(Tier tier, Look look, Scratch scratch);
    }

    private boolean empty(Claim claim, Tier tier, Scratch scratch) {
        return empty(claim, tier, claim.relocatable() ? relocating : pushingOut, scratch);
    }

    /**
     * Makes every copy in a claim leave it. A copy that no entry names is on its way in or out: its operation is between
     * two steps that wait for nothing, so it is waited for.
     *
     * @param scratch for the names of the copies, and the look at each; the departure may use the rest
     * @return false if a copy could not leave
     */
    boolean empty(Claim claim, Tier tier, Departure departure, Scratch scratch) {
        Look look = scratch.movingLook();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            int count = claim.copies(scratch.locators(), scratch.owners());
            if (count == 0) {
                return true;
            }
            int gone = 0;
            for (int i = 0; i < count; i++) {
                if (directory.hideOwner(scratch.owners()[i], tier.number(), scratch.locators()[i], look)) {
                    if (!departure.leave(tier, look, scratch)) {
                        return false;
                    }
                    gone++;
                }
            }
            if (gone == 0) {
                Thread.yield();
            }
        }
        return false;
    }

    /** Moves a hidden page to another place of its tier; false, and not hidden any more, if there is none. */
    private boolean relocate(Tier tier, Look look, Scratch scratch) {
        Move move = Move.NO_ROOM;
        try {
            if (mover.read(look, tier, scratch.moving())) {
                move = mover.store(look, tier, tier, scratch.moving(), scratch.movingPlace());
            } else {
                move = Move.UNREADABLE;
            }
        } finally {
            if (move == Move.NO_ROOM || move == Move.UNREADABLE) {
                mover.stay(look);
            }
        }
        if (move == Move.MOVED) {
            tier.counters().relocated.increment();
        } else if (move == Move.NO_ROOM) {
            tier.counters().movesRefused.increment();
        }
        return move != Move.NO_ROOM;
    }

    private boolean pushOut(Tier tier, Look look, Scratch scratch) {
        assert look.object().pool().kind() == PageKind.EPHEMERAL : "a persistent page in an ephemeral slab";
        Tier below = tiers.below(tier);
        if (tier.whenFull(PageKind.EPHEMERAL) == FullAction.DEMOTE && below != null && below.isLocal()) {
            victims.demoteHidden(tier, below, look, scratch);
        } else {
            mover.drop(look, tier);
        }
        return true;
    }
}
