package io.github.tmem.api.stats;

/** Whether a tier takes pages. */
public enum TierState {
    /** It does. */
    OPEN,
    /** It does not; the pages it has can be read, flushed and moved out. */
    FROZEN
}
