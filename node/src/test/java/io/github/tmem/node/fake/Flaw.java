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
    /** Some persistent pages are reported unavailable, because the tier does not answer (L5). */
    HIDES,
    /** Some persistent pages are reported unavailable although the tier answers (L5). */
    HIDES_THOUGH_ALIVE,
    /** Keys are reported lost that have no page. */
    LOSES_NOTHING,
    /** Keys are reported unavailable that have no page. */
    HIDES_NOTHING,
    /** Ephemeral pages, too, are reported lost. */
    LOSES_EPHEMERAL,
    /** Some persistent pages are reported lost once, and delivered then (L5). */
    LOSES_FOR_A_WHILE,
    /** Some persistent pages are reported lost once, and then they vanish (L5). */
    LOSES_AND_FORGETS,
    /** Some persistent pages are reported unavailable once, and then they vanish (L5). */
    HIDES_AND_FORGETS,
    /** Some persistent pages are reported lost once, and unavailable then (L5). */
    LOSES_AND_HIDES,
    /** Some persistent pages are reported lost, and the buffer is written to (L6). */
    LOSES_AND_SMUDGES,
    /** Some persistent pages are lost by the tier fake, which may lose none (L5). */
    LOSES_ABOVE,
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
