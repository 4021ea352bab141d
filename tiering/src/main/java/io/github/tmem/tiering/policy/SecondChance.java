package io.github.tmem.tiering.policy;

/**
 * Order of arrival, but a page that was hit goes round once more: for persistent pools, whose pages move down and are never
 * evicted. Remembers nothing of pages that are gone.
 */
public final class SecondChance implements EvictionPolicy {
    /** How many pages that were hit are passed over when one has to move down. */
    private static final int ROUNDS_MAX = 16;

    private final Queues queues;

    /** A policy over the queues of one pool in one shard. */
    public SecondChance(Queues queues) {
        this.queues = queues;
    }

    @Override
    public int admit(long hash, int length) {
        return Standing.NEWCOMER;
    }

    @Override
    public int replace(int olderStanding) {
        return Standing.raised(olderStanding);
    }

    @Override
    public int hit(int standing) {
        return Standing.raised(standing);
    }

    @Override
    public void taken(long hash, int standing) {
        // nothing is learned from pages that are gone
    }

    @Override
    public void missed(long hash) {
        // nothing is learned from pages that are gone
    }

    @Override
    public void evicted(long hash, int standing) {
        // nothing is learned from pages that are gone
    }

    @Override
    public int victim(int tier, int length) {
        int oldest = queues.oldest(tier, PageClass.NEWCOMER);
        for (int i = 0; i < ROUNDS_MAX && oldest != Queues.NONE && isHit(oldest); i++) {
            queues.requeue(oldest, Standing.NEWCOMER);
            oldest = queues.oldest(tier, PageClass.NEWCOMER);
        }
        return oldest;
    }

    private boolean isHit(int entry) {
        return Standing.credit(queues.standing(entry)) > 0;
    }

    @Override
    public long ghostBytes() {
        return 0;
    }
}
