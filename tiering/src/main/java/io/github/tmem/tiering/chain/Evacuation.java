package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.live.Progress;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.chain.PutAttempt.EntryOrigin;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Holdings;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves pages out of one tier, one after the other, until it is empty or small enough. Every page follows the steps of
 * every move, and each is an operation of its own, so that a store may close in between. Belongs to one thread; used once.
 */
final class Evacuation {
    /** So many persistent pages in a row that nobody takes mean that there is no room. */
    private static final int STAYS_MAX = 64;

    private static final long NO_COPY = -1;

    private static final long WAIT_NANOS = 50_000;

    private final Directory directory;
    private final Tiers tiers;
    private final ScratchPool scratches;
    private final Movers movers;
    private final Lifecycle lifecycle;
    private final Tier from;
    private final Progress progress;
    private final List<Tier> targets = new ArrayList<>();

    /** Those that let a page wait for an answer in vain; the next would only wait as long. */
    private final Set<Tier> silent = new HashSet<>();

    /** Of a page that is about to leave; those of its scratch serve who makes room for it. */
    private final Look leaving = new Look();

    private int nextShard;
    private long moved;
    private long dropped;
    private long left;
    private int staysInARow;

    /** The copy that could not leave the slab in hand, and why, or {@link #NO_COPY} if its copies were under way. */
    private long obstacle;

    private End stays = End.NO_ROOM;

    /** The copies that could not leave their slabs since a page left last. */
    private final Set<Long> obstacles = new HashSet<>();

    private End reason = End.COMPLETE;

    Evacuation(ChainParts parts, Movers movers, Lifecycle lifecycle, Tier from, Progress progress) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.movers = movers;
        this.lifecycle = lifecycle;
        this.from = from;
        this.progress = progress;
        List<Tier> order = List.of(tiers.inOrder());
        int position = order.indexOf(from);
        targets.addAll(order.subList(position + 1, order.size()));
        targets.addAll(order.subList(0, position).reversed());
    }

    /** Something that can be done again until there is nothing left to do. */
    @FunctionalInterface
    private interface Step {
        /** Does it once; false if there was nothing to do. */
        boolean take(Scratch scratch);
    }

    /** Moves every page out of the tier, which takes no more. */
    Evacuated drain() {
        left = pages();
        run(scratch -> leaveOne(PageKind.PERSISTENT, scratch));
        run(scratch -> leaveOne(PageKind.EPHEMERAL, scratch));
        while (!isEnded()
                && pages() > 0
                && isWanted()) { // others are moving or reclaiming the rest, and may give it up
            Pause.nanos(WAIT_NANOS);
            run(scratch -> leaveOne(PageKind.PERSISTENT, scratch));
            run(scratch -> leaveOne(PageKind.EPHEMERAL, scratch));
        }
        left = pages();
        return left == 0 ? new Evacuated(End.COMPLETE, moved, dropped, 0) : result();
    }

    /**
     * Moves pages out of a tier whose backend has been told to shrink to so many bytes. No claim may be open that is older
     * than that: it could hold what lies beyond, and leave copies there when nobody looks any more.
     */
    Evacuated shrink(long bytes) {
        left = pages();
        LocatedBackend located = from.located();
        if (located == null) {
            run(scratch -> shrinkOnce(PageKind.EPHEMERAL, bytes, scratch));
            run(scratch -> shrinkOnce(PageKind.PERSISTENT, bytes, scratch));
        } else {
            targets.addFirst(from); // to slabs within the capacity
            run(scratch -> vacateOne(located, scratch));
        }
        if (!isEnded() && from.usedBytes() > bytes) {
            reason = End.NO_ROOM;
        }
        left = pages();
        return result();
    }

    private Evacuated result() {
        return new Evacuated(reason, moved, dropped, reason == End.COMPLETE ? 0 : left);
    }

    private boolean isEnded() {
        return reason != End.COMPLETE;
    }

    private long pages() {
        Holdings holdings = directory.holdings(from.number());
        return holdings.pages(PageKind.EPHEMERAL) + holdings.pages(PageKind.PERSISTENT);
    }

    /** Takes a step again and again, each as an operation of its own. */
    private void run(Step step) {
        boolean more = !isEnded();
        while (more) {
            int ticket = lifecycle.enter();
            if (ticket == Lifecycle.CLOSED) {
                throw new PoolClosedException("the store is closed");
            }
            try {
                more = takeStep(step) && !isEnded();
            } finally {
                lifecycle.leave(ticket);
            }
            more = more && isWanted();
        }
    }

    private boolean isWanted() {
        if (!progress.moved(moved + dropped, Math.max(0, left - moved - dropped))) {
            reason = End.CANCELLED;
        }
        return !isEnded();
    }

    private boolean takeStep(Step step) {
        Scratch scratch = scratches.acquire(PoolConfig.PAGE_SIZE_DEFAULT);
        try {
            return step.take(scratch);
        } finally {
            scratches.release(scratch);
        }
    }

    /** Makes one page of this kind leave a tier that is too large, once no free is owed: bytes that are as good as gone. */
    private boolean shrinkOnce(PageKind kind, long bytes, Scratch scratch) {
        if (from.usedBytes() <= bytes) {
            return false;
        }
        if (from.owed().size() > 0) {
            if (!from.payOwed(Tier.FREES_AT_ONCE)) {
                reason = End.UNREADABLE;
            }
            return true;
        }
        if (from.owed().isBeingPaid()) {
            Pause.nanos(WAIT_NANOS);
            return true;
        }
        return leaveOne(kind, scratch);
    }

    /** Makes one page of this kind leave; false if none stands still. */
    private boolean leaveOne(PageKind kind, Scratch scratch) {
        Shard near = directory.shard(nextShard++ & directory.shardCount() - 1);
        if (!movers.victims().hideOne(from, kind, near, 0, leaving)) {
            return false;
        }
        End end = leave(leaving, scratch);
        staysInARow = end == End.COMPLETE ? 0 : staysInARow + 1;
        if (staysInARow == STAYS_MAX) {
            reason = end;
        }
        return true;
    }

    /**
     * Moves a hidden page out of its place, or ends its hiding.
     *
     * @return {@link End#COMPLETE} if it has left, else why it stays
     */
    private End leave(Look look, Scratch scratch) {
        Move move = Move.NO_ROOM;
        boolean gone = true;
        try {
            move = moveOut(look, scratch);
        } finally {
            if (move == Move.NO_ROOM || move == Move.UNREADABLE) {
                gone = giveUp(look);
            }
        }
        if (gone) {
            return End.COMPLETE;
        }
        return move == Move.UNREADABLE ? End.UNREADABLE : End.NO_ROOM;
    }

    /** Drops a page that could not move, or lets it stay. Returns whether the tier is rid of it; a page may prove lost. */
    private boolean giveUp(Look look) {
        if (look.object().pool().kind() == PageKind.PERSISTENT) {
            return !movers.mover().stay(look);
        }
        dropped += movers.mover().drop(look, from) ? 1 : 0;
        return true;
    }

    private Move moveOut(Look look, Scratch scratch) {
        if (!movers.mover().read(look, from, scratch.page())) {
            return Move.UNREADABLE;
        }
        for (Tier to : targets) {
            if (to.isOpen() && !silent.contains(to)) {
                Move move = moveTo(to, look, scratch);
                if (move != Move.NO_ROOM) {
                    return move;
                }
                to.counters().movesRefused.increment();
            }
        }
        return Move.NO_ROOM;
    }

    private Move moveTo(Tier to, Look look, Scratch scratch) {
        PageBuffer page = scratch.page();
        PageKind kind = look.object().pool().kind();
        if (to != from) { // else it keeps its form, and is charged no more
            if (!movers.mover().recode(from, to, page)) {
                movers.mover().settleDamage(look, from, look.length(), page);
                return Move.UNREADABLE;
            }
            if (!movers.mover().fits(look, to, page)) {
                return Move.NO_ROOM; // before anybody gives way
            }
        }
        long locator = to.put(kind, look.entry(), page);
        if (locator == Outcome.FULL && kind == PageKind.PERSISTENT) {
            scratch.attempt().begin(look.object(), look.index(), look.stamp());
            scratch.attempt().entry(look.entry(), EntryOrigin.LINKED);
            scratch.allowVictims(RoomMaker.VICTIMS_MAX);
            locator = movers.roomMaker().makeRoom(to, scratch.attempt(), scratch);
        }
        if (locator == Outcome.UNAVAILABLE && !to.isLocal()) {
            silent.add(to);
        }
        if (locator < 0) {
            return Move.NO_ROOM;
        }
        scratch.movingPlace().stored(to.number(), locator, page.codec(), page.length(), page.crc());
        Move move = movers.mover().swing(look, from, to, scratch.movingPlace());
        if (move == Move.MOVED) {
            count(to);
        }
        return move;
    }

    private void count(Tier to) {
        moved++;
        if (to == from) {
            from.counters().relocated.increment();
        } else if (tiers.isDown(from, to)) {
            Victims.countDemotion(from, to);
        } else {
            from.counters().promotedOut.increment();
            to.counters().promotedIn.increment();
        }
    }

    /**
     * Empties one slab that lies beyond the capacity, as far as that is possible. One that cannot be emptied is tried again
     * after all others; if by then nothing has left, nothing will.
     *
     * @return false if there is none
     */
    private boolean vacateOne(LocatedBackend located, Scratch scratch) {
        // two, because who makes room for a page may empty a claim with the page's
        Scratch ofClaim = scratches.acquire(PoolConfig.PAGE_SIZE_DEFAULT);
        try (Claim claim = located.claim(ClaimGoal.SHRINK, 1)) {
            if (claim == null) {
                return false;
            }
            long gone = moved + dropped;
            obstacle = NO_COPY;
            stays = End.NO_ROOM;
            boolean empty = movers.roomMaker().empty(claim, from, (tier, copy, own) -> vacate(copy, scratch), ofClaim);
            if (empty || moved + dropped > gone) {
                obstacles.clear();
            }
            if (!empty && !obstacles.add(obstacle)) {
                reason = stays;
            }
            return true;
        } finally {
            scratches.release(ofClaim);
        }
    }

    private boolean vacate(Look copy, Scratch scratch) {
        End end = leave(copy, scratch);
        if (end != End.COMPLETE) {
            obstacle = copy.locator();
            stays = end;
        }
        return end == End.COMPLETE;
    }
}
