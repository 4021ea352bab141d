package io.github.tmem.tiering.policy;

/**
 * S3-FIFO (Yang and others, SOSP 2023) for pools whose gets keep the page: newcomers go through a small queue, a tenth
 * of the bytes; those hit twice on the way move to the main queue, where each hit, up to three, earns another round.
 * Newcomers that leave unproven are remembered, and go straight to the main queue when they come back in time.
 */
public final class S3Fifo implements EvictionPolicy {
    /** The small queue holds one byte in so many. */
    private static final int SMALL_PART = 10;

    /**
     * There are ghosts for all pages but one in so many. The table grows by up to an eighth at once, so these are nine tenths
     * of the pages at most, which is what the paper has; more of them let loops flush the main queue.
     */
    private static final int GHOSTLESS_PART = 5;

    /** Hits that move a newcomer to the main queue. */
    private static final int HITS_PROVEN = 2;

    private static final int EVICTED = 0;

    private final Queues queues;
    private final GhostTable ghosts = new GhostTable();

    /** A policy over the queues of one pool in one shard. */
    public S3Fifo(Queues queues) {
        this.queues = queues;
    }

    @Override
    public int admit(long hash, int length) {
        return ghosts.take(hash) == GhostTable.ABSENT ? Standing.NEWCOMER : Standing.proven(0);
    }

    @Override
    public int replace(int olderStanding) {
        return hit(olderStanding); // a cache that is written to: the key is in use
    }

    @Override
    public int hit(int standing) {
        return Standing.raised(standing);
    }

    @Override
    public void taken(long hash, int standing) {
        // gets of these pools keep the page
    }

    @Override
    public void missed(long hash) {
        // a ghost counts when the page is put again
    }

    @Override
    public void evicted(long hash, int standing) {
        if (!Standing.isProven(standing)) {
            int pages = queues.totalPages(PageClass.NEWCOMER) + queues.totalPages(PageClass.PROVEN);
            ghosts.holdAtLeast(pages - pages / GHOSTLESS_PART);
            ghosts.add(hash, EVICTED);
        }
    }

    @Override
    public int victim(int tier, int length) {
        int oldest = Queues.NONE;
        for (int i = 0; i < PASSES_MAX; i++) {
            boolean small = takesFromSmall(tier);
            PageClass from = small ? PageClass.NEWCOMER : PageClass.PROVEN;
            oldest = queues.oldest(tier, from);
            if (oldest == Queues.NONE) {
                return Queues.NONE;
            }
            int standing = queues.standing(oldest);
            int credit = Standing.credit(standing);
            if (small && credit < HITS_PROVEN) {
                return EvictionPolicy.fitting(queues, oldest, length, HITS_PROVEN - 1);
            }
            if (!small && credit == 0) {
                return EvictionPolicy.fitting(queues, oldest, length, 0);
            }
            queues.requeue(oldest, small ? Standing.proven(0) : Standing.proven(credit - 1));
        }
        return oldest;
    }

    private boolean takesFromSmall(int tier) {
        if (queues.oldest(tier, PageClass.PROVEN) == Queues.NONE) {
            return true;
        }
        long small = queues.bytes(tier, PageClass.NEWCOMER);
        return small > 0 && small * SMALL_PART >= small + queues.bytes(tier, PageClass.PROVEN);
    }

    @Override
    public long ghostBytes() {
        return ghosts.bytes();
    }
}
