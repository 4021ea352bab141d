package io.github.tmem.api.spi;

/** Hears the result of one asynchronous call of a {@link Backend}. */
@FunctionalInterface
public interface Completion {
    /**
     * Called exactly once, on any thread, possibly before the asynchronous call returns. Must not block and must not
     * throw.
     *
     * @param result what the synchronous form would have returned
     */
    void complete(long result);
}
