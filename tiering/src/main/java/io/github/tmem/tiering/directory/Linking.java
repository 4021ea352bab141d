package io.github.tmem.tiering.directory;

/** What came of the attempt to {@linkplain Shard#link link} an entry. */
public enum Linking {
    /** The page can be found. */
    LINKED,
    /** The object's number is no longer attached. */
    DETACHED,
    /** The pool's quota has no room for the page. */
    OVER_QUOTA
}
