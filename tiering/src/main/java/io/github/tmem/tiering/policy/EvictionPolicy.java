package io.github.tmem.tiering.policy;

/**
 * Chooses which page of a pool in a shard gives way, and learns from what happens to pages. One state serves the whole
 * chain: a page keeps its standing when it is demoted, and is remembered as a ghost only when it leaves the chain.
 *
 * <p>Hashes are of the whole key and the same whenever the key comes back. No method allocates, but for ghost tables that
 * grow with the number of pages.
 */
public interface EvictionPolicy {
    /** How many pages a choice passes over at most before it takes what comes (L10). */
    int PASSES_MAX = 64;

    /** How many of the pages next in line are looked at for one whose copy leaves room of the right length. */
    int FITS_MAX = 16;

    /**
     * The standing of a page that is put while the chain does not hold it.
     *
     * @param length the length of its copy in bytes
     */
    int admit(long hash, int length);

    /** The standing of a page that takes the place of an older one of the same key. */
    int replace(int olderStanding);

    /** The standing of a page after a hit that keeps it: with another credit, or the same. Needs no lock. */
    int hit(int standing);

    /** Learns that a hit removed a page. */
    void taken(long hash, int standing);

    /** Learns of a miss. */
    void missed(long hash);

    /** Learns that a page left the chain to make room. */
    void evicted(long hash, int standing);

    /**
     * Chooses the page that leaves a tier next. Pages that are spared go to the young end of their queue.
     *
     * @param length the length in bytes that room is wanted for; a page of about this length is preferred among the next
     *     {@link #FITS_MAX} in line
     * @return its entry, or {@link Queues#NONE} if the pool has no page in the tier at rest
     */
    int victim(int tier, int length);

    /** Bytes of memory held for pages that are gone. */
    long ghostBytes();

    /** Among the pages next in line the first that has at most this credit and a copy of about this length; else the first. */
    static int fitting(Queues queues, int oldest, int length, int creditMax) {
        int candidate = oldest;
        for (int i = 0; i < FITS_MAX && candidate != Queues.NONE; i++) {
            int has = queues.length(candidate);
            if (has >= length
                    && has <= length + length / 8
                    && Standing.credit(queues.standing(candidate)) <= creditMax) {
                return candidate;
            }
            candidate = queues.younger(candidate);
        }
        return oldest;
    }
}
