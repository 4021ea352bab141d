package io.github.tmem.tiering.policy;

/**
 * Two queues with ghosts, for pools whose hits remove the page. No page present has ever been hit, so all there is to
 * learn from are the absent: what was evicted, and what was given back. A page that is put again while its ghost is
 * remembered goes to the protected queue; the share of the bytes that newcomers may have follows the ghosts that misses
 * meet, as in ARC (Megiddo and Modha, FAST 2003). A page given back from the protected queue returns with full credit:
 * three more rounds.
 *
 * <p>Sizes count as follows, {@code avg} being the mean: a newcomer of at most {@code avg/4} gets one round more, a page
 * that returns with at most {@code avg/2} starts with one credit, and one of more than {@code 1.5 avg} pays two for a
 * round.
 */
public final class TwoFifo implements EvictionPolicy {
    private static final int EVICTED = 0;
    private static final int EVICTED_PROTECTED = 1;
    private static final int GIVEN_BACK = 2;
    private static final int GIVEN_BACK_PROTECTED = 3;

    private static final double SHARE_START = 0.10;
    private static final double SHARE_MIN = 0.01;
    private static final double SHARE_MAX = 0.75;

    private final Queues queues;
    private final GhostTable ghosts = new GhostTable();

    /** The part of the bytes that newcomers may have. */
    private double share = SHARE_START;

    /** Ghosts made of newcomers and of protected pages; both are halved when they exceed the pages held. */
    private int newcomersEvicted = 1;

    private int protectedEvicted = 1;

    /** A policy over the queues of one pool in one shard. */
    public TwoFifo(Queues queues) {
        this.queues = queues;
    }

    @Override
    public int admit(long hash, int length) {
        int ghost = ghosts.take(hash);
        if (ghost == GhostTable.ABSENT) {
            return Standing.NEWCOMER;
        }
        if (ghost == GIVEN_BACK_PROTECTED) {
            return Standing.proven(Standing.CREDIT_MAX);
        }
        return Standing.proven(2L * length * pages() <= bytes() ? 1 : 0);
    }

    @Override
    public int replace(int olderStanding) {
        return olderStanding;
    }

    @Override
    public int hit(int standing) {
        return standing; // gets of these pools remove the page
    }

    @Override
    public void taken(long hash, int standing) {
        remember(hash, Standing.isProven(standing) ? GIVEN_BACK_PROTECTED : GIVEN_BACK);
    }

    @Override
    public void missed(long hash) {
        int ghost = ghosts.take(hash);
        if (ghost == GhostTable.ABSENT) {
            return;
        }
        double step = 1.0 / Math.max(1, pages());
        if (ghost == EVICTED) {
            share = Math.min(SHARE_MAX, share + step * Math.max(1.0, (double) protectedEvicted / newcomersEvicted));
        } else if (ghost == EVICTED_PROTECTED) {
            share = Math.max(SHARE_MIN, share - step * Math.max(1.0, (double) newcomersEvicted / protectedEvicted));
        }
        remember(hash, Math.max(ghost, GIVEN_BACK)); // it was asked for: the next put is a return
    }

    @Override
    public void evicted(long hash, int standing) {
        if (Standing.isProven(standing)) {
            remember(hash, EVICTED_PROTECTED);
            protectedEvicted++;
        } else {
            remember(hash, EVICTED);
            newcomersEvicted++;
        }
        if (newcomersEvicted + protectedEvicted > pages()) {
            newcomersEvicted = Math.max(1, newcomersEvicted >> 1);
            protectedEvicted = Math.max(1, protectedEvicted >> 1);
        }
    }

    private void remember(long hash, int ghost) {
        ghosts.holdAtLeast(2 * pages());
        ghosts.add(hash, ghost);
    }

    @Override
    public int victim(int tier, int length) {
        int oldest = Queues.NONE;
        for (int i = 0; i < PASSES_MAX; i++) {
            boolean newcomer = takesNewcomer(tier);
            PageClass from = newcomer ? PageClass.NEWCOMER : PageClass.PROVEN;
            oldest = queues.oldest(tier, from);
            if (oldest == Queues.NONE) {
                return Queues.NONE;
            }
            int standing = queues.standing(oldest);
            int credit = Standing.credit(standing);
            long weight = (long) queues.length(oldest) * pages();
            if (newcomer && (credit > 0 || 4 * weight > bytes())) {
                return EvictionPolicy.fitting(queues, oldest, length, Standing.CREDIT_MAX);
            }
            if (!newcomer && credit == 0) {
                return EvictionPolicy.fitting(queues, oldest, length, 0);
            }
            int paid = newcomer || 2 * weight <= 3 * bytes() ? 1 : 2;
            queues.requeue(oldest, Standing.withCredit(standing, newcomer ? 1 : Math.max(0, credit - paid)));
        }
        return oldest;
    }

    private boolean takesNewcomer(int tier) {
        if (queues.oldest(tier, PageClass.PROVEN) == Queues.NONE) {
            return true;
        }
        long newcomers = queues.bytes(tier, PageClass.NEWCOMER);
        return newcomers > 0 && newcomers > share * (newcomers + queues.bytes(tier, PageClass.PROVEN));
    }

    private int pages() {
        return queues.totalPages(PageClass.NEWCOMER) + queues.totalPages(PageClass.PROVEN);
    }

    private long bytes() {
        return queues.totalBytes(PageClass.NEWCOMER) + queues.totalBytes(PageClass.PROVEN);
    }

    @Override
    public long ghostBytes() {
        return ghosts.bytes();
    }
}
