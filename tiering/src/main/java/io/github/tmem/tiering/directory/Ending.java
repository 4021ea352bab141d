package io.github.tmem.tiering.directory;

/** How a page that was stored came to its end. Each has a counter by pool (L11). */
public enum Ending {
    /** Flushed: the page, its object or its pool. */
    FLUSHED,
    /** Dropped to make room. */
    EVICTED,
    /** Delivered by an exclusive get. */
    TAKEN,
    /** Replaced by a later put of the same key, or removed by its refusal. */
    REPLACED,
    /** A persistent page that was found gone or damaged, and has left the directory since. */
    LOST,
    /** An ephemeral page whose copy was damaged or out of reach. */
    DROPPED
}
