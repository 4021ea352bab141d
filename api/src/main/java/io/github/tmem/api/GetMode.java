package io.github.tmem.api;

/** What a hit does to the page. */
public enum GetMode {
    /** A hit removes the page: exactly one of several racing gets wins. The default of ephemeral pools, as in cleancache. */
    EXCLUSIVE,
    /** A hit keeps the page. The default of persistent pools; what a caller without a cache of its own wants. */
    INCLUSIVE;

    /** The word used in configuration files: {@code exclusive} or {@code inclusive}. */
    public String word() {
        return this == EXCLUSIVE ? "exclusive" : "inclusive";
    }

    /** The mode a pool of {@code kind} has when its owner does not choose. */
    public static GetMode defaultFor(PageKind kind) {
        return kind == PageKind.EPHEMERAL ? EXCLUSIVE : INCLUSIVE;
    }
}
