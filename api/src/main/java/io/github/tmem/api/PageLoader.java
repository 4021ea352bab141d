package io.github.tmem.api;

import java.lang.foreign.MemorySegment;

/**
 * Reads a page from its source for {@link PagePool#getOrFill}.
 *
 * @param <E> what it throws when the source cannot be read
 */
@FunctionalInterface
public interface PageLoader<E extends Exception> {
    /**
     * Reads the page.
     *
     * @param destination the caller's own buffer, to be filled completely; not to be used after the return
     * @throws E passed on to the caller of {@link PagePool#getOrFill}; nothing is stored then
     */
    void load(MemorySegment destination) throws E;
}
