package io.github.tmem.node.fake;

/** What a fake store does wrong. */
public enum Flaw {
    /** Nothing. */
    NONE,
    /** A put of a key that has a page keeps the old page (L1). */
    KEEPS_OLD,
    /** An exclusive get leaves the page (L2). */
    KEEPS_TAKEN,
    /** A later put is refused but leaves the old page (L3). */
    KEEPS_REFUSED,
    /** A flush leaves the page (L4). */
    KEEPS_FLUSHED,
    /** A flush of an object leaves its pages (L4). */
    KEEPS_OBJECT,
    /** Some persistent pages vanish (L5). */
    FORGETS,
    /** Some persistent pages are reported lost (L5). */
    LOSES,
    /** Counts more pages than there are. */
    MISCOUNTS,
    /** One byte of some pages is wrong (L6). */
    CORRUPTS,
    /** A miss writes to the buffer (L6). */
    SMUDGES,
    /** Runs out of memory. */
    OUT_OF_MEMORY,
    /** Has a bug. */
    THROWS
}
