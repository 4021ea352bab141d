package io.github.tmem.bench.peer.policy;

/**
 * A cache of pages that are numbered from 0. Whether a hit keeps the page or removes it is up to the cache. Not
 * thread-safe.
 */
public interface PageCache {
    /** Asks for a page. Returns whether it was there. */
    boolean get(int page);

    /** Offers a page. The cache makes room for it, or does without it. */
    void put(int page);

    /** Forgets a page, which may be absent. */
    void flush(int page);
}
