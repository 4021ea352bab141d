package io.github.tmem.api.spi;

/** A store that can walk everything it holds. For tests. */
public interface SelfChecking {
    /**
     * Walks all structures and compares them with each other. No operation may be under way.
     *
     * @throws AssertionError if an invariant is broken
     */
    void verify();

    /**
     * The longest any lock was held, as the number of pages its holder passed by on the way to the one it wanted, since the
     * store opened. Counted only where assertions are on; 0 elsewhere. {@link #verify} checks that it is within bounds.
     */
    int longestHold();
}
