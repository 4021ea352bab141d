package io.github.tmem.api;

/** What the store promises about a page once it has accepted it. */
public enum PageKind {
    /** May vanish at any time: the caller can produce the page again. */
    EPHEMERAL,
    /** Stays until flush, exclusive get, a later put of the same key, destroy of its pool, or a reported loss (L5). */
    PERSISTENT;

    /** The word used in configuration files: {@code ephemeral} or {@code persistent}. */
    public String word() {
        return this == EPHEMERAL ? "ephemeral" : "persistent";
    }
}
