package io.github.tmem.api.config;

import java.util.Locale;

/** When a hit in a tier moves the page up to the first tier of the chain. Pages of exclusive pools leave on a hit. */
public enum Promotion {
    /** On every hit. */
    ALWAYS,
    /** On the second hit since the page arrived in the tier. The default. */
    SECOND_HIT,
    /** Not at all. */
    NEVER;

    /** The word used in configuration files: {@code always}, {@code second-hit} or {@code never}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
