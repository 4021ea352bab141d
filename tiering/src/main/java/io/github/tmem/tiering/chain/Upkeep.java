package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.tiering.chain.RoomMaker.Compaction;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Shard;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the background does for one chain: ephemeral pages move down between the watermarks, sparse slabs are emptied,
 * owed frees are repeated. Operations never wait for it: each makes the room it needs itself, within its bounds.
 */
final class Upkeep implements AutoCloseable {
    /** Slabs emptied in one pass over a tier. */
    private static final int COMPACTIONS_MAX = 256;

    /** Of so many puts that pass a tier by, one asks for a pass. */
    private static final int PASSED_BY_PER_PASS = 64;

    private static final long PASS_NANOS = 10_000_000;

    private final Directory directory;
    private final Tiers tiers;
    private final ScratchPool scratches;
    private final Victims victims;
    private final RoomMaker roomMaker;
    private final SlowDemoter slowDemoter;

    /** Guarded by this. */
    private boolean closed;

    private final Maintenance maintenance;
    private int nextShard;

    /** Tiers above a slow one whose pages are on their way down from the high watermark to the low one. Of the background alone. */
    private final Set<Tier> unfinished = new HashSet<>();

    /** When a put that passed a tier by asked for a pass last; of two at the same moment both may ask. */
    private volatile long passAsked;

    Upkeep(ChainParts parts, Victims victims, RoomMaker roomMaker, Maintenance maintenance, SlowDemoter slowDemoter) {
        this.directory = parts.directory();
        this.tiers = parts.tiers();
        this.scratches = parts.scratches();
        this.victims = victims;
        this.roomMaker = roomMaker;
        this.maintenance = maintenance;
        this.slowDemoter = slowDemoter;
        this.passAsked = System.nanoTime() - PASS_NANOS;
    }

    /**
     * Hears of every copy stored by a put, which may have pushed ephemeral pages into the tiers below: a persistent one those of
     * each tier that it came to.
     */
    void noteStored(Tier tier, PageKind kind) {
        Tier from = kind == PageKind.EPHEMERAL ? tier : tiers.below(tiers.first());
        if (from != null && overflows(from)) {
            maintenance.wake();
        }
    }

    /** Whether the background has pages to move down from this tier, or from one that its pages come to. */
    private boolean overflows(Tier from) {
        Tier at = from;
        Tier below = lowerOf(at);
        while (below != null) {
            if (at.isAboveHigh()) {
                return true;
            }
            at = below;
            below = lowerOf(at);
        }
        return false;
    }

    /**
     * Hears of every put that passes a tier by because that was full and is not yet below its low watermark. When most of its
     * pages have been flushed since, one here, one there, only slabs that are emptied bring it below. Some of these puts ask
     * for that, a hundred in a second at most.
     */
    void notePassedBy(Tier tier) {
        if (tier.located() != null && ThreadLocalRandom.current().nextInt(PASSED_BY_PER_PASS) == 0) {
            long now = System.nanoTime();
            if (now - passAsked >= PASS_NANOS) {
                passAsked = now;
                maintenance.wake();
            }
        }
    }

    /** The tier into which the background moves pages of this one, or null. */
    private @Nullable Tier lowerOf(Tier tier) {
        return tier.whenFull(PageKind.EPHEMERAL) == FullAction.DEMOTE ? tiers.below(tier) : null;
    }

    /**
     * Goes over the chain, and again, at most once for each tier, if what came down from one tier is too much for the next.
     * Returns whether a tier did not answer and is to be asked again.
     */
    synchronized boolean run() {
        if (closed) {
            return false;
        }
        Scratch scratch = scratches.acquire(PoolConfig.PAGE_SIZE_DEFAULT);
        try {
            boolean again = pass(scratch);
            for (int i = 1;
                    i < tiers.inOrder().length
                            && !again
                            && Arrays.stream(tiers.inOrder()).anyMatch(this::overflows);
                    i++) {
                again = pass(scratch);
            }
            return again;
        } finally {
            scratches.release(scratch);
        }
    }

    /** Last tier first, so that there is room below. */
    private boolean pass(Scratch scratch) {
        List<Tier> order = List.of(tiers.inOrder());
        unfinished.retainAll(order);
        boolean owing = false;
        for (Tier tier : order.reversed()) {
            freeOwed(tier);
            owing |= owes(tier);
            demote(tier, scratch);
            compact(tier, scratch);
        }
        return owing || !unfinished.isEmpty();
    }

    private static boolean owes(Tier tier) {
        return tier.owed().size() > 0;
    }

    /** Repeats the frees a tier owes, until it fails to answer one. Only the background and a close or walk meet here. */
    synchronized void freeOwed(Tier tier) {
        int left = tier.owed().size();
        while (left > 0 && tier.payOwed(Tier.FREES_AT_ONCE)) {
            left -= Tier.FREES_AT_ONCE;
        }
    }

    /**
     * Moves pages down to the low watermark, once the tier is above the high one. What a slow tier stops, because it does not
     * answer or throws, goes on in the next pass.
     */
    private void demote(Tier tier, Scratch scratch) {
        Tier below = lowerOf(tier);
        boolean goesOn = unfinished.remove(tier);
        if (below == null || !(tier.isAboveHigh() || (goesOn && !below.isLocal()))) {
            return;
        }
        if (below.isLocal()) {
            demoteTo(below, tier, scratch);
        } else {
            unfinished.add(tier);
            if (demoteTo(below, tier, scratch)) {
                unfinished.remove(tier);
            }
        }
    }

    /** Returns whether all was moved that should and could be. */
    private boolean demoteTo(Tier below, Tier tier, Scratch scratch) {
        // Memory falls by whole slabs and so lags behind: a pass moves no more bytes than it means to free.
        long bytesLeft = tier.bytesAboveLow();
        long moved = 1;
        // more copies would only take more room of a tier that owes frees
        while (moved > 0 && bytesLeft > 0 && tier.isAboveLow() && !owes(below)) {
            Shard near = directory.shard(nextShard++ & directory.shardCount() - 1);
            moved = below.isLocal()
                    ? demoteOne(tier, below, near, scratch)
                    : slowDemoter.demoteBatch(tier, below, near);
            bytesLeft -= moved;
        }
        return moved != SlowDemoter.NO_ANSWER && (bytesLeft <= 0 || !owes(below));
    }

    private long demoteOne(Tier tier, Tier below, Shard near, Scratch scratch) {
        scratch.allowVictims(RoomMaker.VICTIMS_MAX);
        if (!victims.hideOne(tier, PageKind.EPHEMERAL, near, 0, scratch.movingLook())) {
            return 0;
        }
        int length = scratch.movingLook().length();
        victims.demoteHidden(tier, below, scratch.movingLook(), scratch);
        return length;
    }

    private void compact(Tier tier, Scratch scratch) {
        LocatedBackend located = tier.located();
        if (located == null) {
            return;
        }
        ClaimGoal goal = tier.isPassedBy() ? ClaimGoal.FULL_COMPACTION : ClaimGoal.COMPACTION;
        for (int i = 0; i < COMPACTIONS_MAX && tier.isOpen() && isSparse(tier); i++) {
            if (roomMaker.compactOnce(located, tier, goal, scratch) != Compaction.EMPTIED) {
                return;
            }
        }
    }

    /**
     * Whether a tier that is nearly full wastes more than an eighth of its memory; or, if it is passed by, so much that it could
     * be below its low watermark.
     */
    private static boolean isSparse(Tier tier) {
        if (!tier.isAboveLow()) {
            return false;
        }
        Usage usage = tier.backend().usage();
        long wasted = usage.usedBytes() - usage.encodedBytes();
        return wasted > (tier.isPassedBy() ? tier.bytesAboveLow() : usage.usedBytes() / 8);
    }

    /** Runs a task while the background rests. */
    synchronized void paused(Runnable task) {
        task.run();
    }

    /** Waits for the pass under way; none does anything any more. */
    @Override
    public synchronized void close() {
        closed = true;
        slowDemoter.close();
    }
}
