package io.github.tmem.api;

/** The outcome of one get of a batch. */
public enum GetResult {
    /** The page was delivered. */
    HIT,
    /** The store has no such page; the destination is untouched. */
    MISS,
    /**
     * A persistent page exists but its only copy cannot be reached now, or the node of a remote store does not answer; the
     * destination is untouched. Ask again later.
     */
    UNAVAILABLE,
    /** A persistent page was accepted and its only copy is gone or damaged; the destination is untouched (L5, L6). */
    LOST
}
