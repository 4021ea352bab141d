package io.github.tmem.tiering.directory;

/**
 * What a directory entry stands for.
 *
 * <pre>
 *             put                 damaged or gone (persistent)
 *   (none) ---------> STORED ----------------------------------> LOST
 *                     FILLED      put at a full chain
 *                     STORED ----------------------------------> REPLACING --> STORED, or (none) when refused
 *   any ---------> (none) on flush, replacement, exclusive get, eviction
 * </pre>
 */
public enum EntryState {
    /** A copy in the entry's tier. */
    STORED,
    /** One 64-bit word fills the page; the locator is that word, there is no copy. */
    FILLED,
    /** A persistent page whose only copy is gone or damaged. Every get says so until put or flush. */
    LOST,
    /**
     * A page that gave up its copy so that its successor fits. The stamp is the successor's. A get of a persistent page
     * waits for the put to end; of an ephemeral page it misses.
     */
    REPLACING;

    private static final EntryState[] VALUES = values();

    static EntryState of(int ordinal) {
        return VALUES[ordinal];
    }
}
