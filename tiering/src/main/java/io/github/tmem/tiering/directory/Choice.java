package io.github.tmem.tiering.directory;

/** Which pages of a tier may be chosen as victims. */
public enum Choice {
    /** Those that stand still. */
    RESTING,
    /** Those that are on their way to another tier. */
    HIDDEN
}
