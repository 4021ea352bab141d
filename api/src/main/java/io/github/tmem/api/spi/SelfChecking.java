package io.github.tmem.api.spi;

/** A store that can walk everything it holds. For tests. */
public interface SelfChecking {
    /**
     * Walks all structures and compares them with each other. No operation may be under way.
     *
     * @throws AssertionError if an invariant is broken
     */
    void verify();
}
