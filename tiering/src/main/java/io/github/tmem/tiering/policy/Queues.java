package io.github.tmem.tiering.policy;

/**
 * One pool's queues in one shard as its policy sees them: one for each tier and class, in order of arrival. Pages on their way to
 * another tier stand in none of them, but are counted in the totals.
 */
public interface Queues {
    /** No entry. */
    int NONE = 0;

    /** The entry that arrived first, or {@link #NONE}. */
    int oldest(int tier, PageClass pageClass);

    /** The entry that arrived next after this one, or {@link #NONE}. */
    int younger(int entry);

    /** Bytes in one queue; of pages without a copy, their number. */
    long bytes(int tier, PageClass pageClass);

    /** Bytes of a class in all tiers. */
    long totalBytes(PageClass pageClass);

    /** Pages of a class in all tiers. */
    int totalPages(PageClass pageClass);

    /** The length of an entry's copy in bytes. */
    int length(int entry);

    /** The {@link Standing} of a queued entry. */
    int standing(int entry);

    /** Gives a queued entry another standing, and the youngest place in the queue that follows from it. */
    void requeue(int entry, int standing);
}
