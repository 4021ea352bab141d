package io.github.tmem.bench.peer.policy;

import java.util.BitSet;

/**
 * SIEVE (Zhang and others, NSDI 2024): a queue in order of arrival, and a hand that goes from the oldest page to younger
 * ones and round again. It passes over each page that was visited since it was last there; the first one that was not
 * leaves.
 */
public final class Sieve implements PageCache {
    private final int capacity;
    private final PageQueue queue;
    private final BitSet visited;

    /** The page the hand points at; {@link PageQueue#NONE} stands for the oldest. */
    private int hand = PageQueue.NONE;

    /** An empty cache of {@code capacity} pages, at least 1, for pages from 0 to one below {@code pages}. */
    public Sieve(int pages, int capacity) {
        this.capacity = capacity;
        queue = new PageQueue(pages);
        visited = new BitSet(pages);
    }

    @Override
    public boolean get(int page) {
        boolean there = queue.contains(page);
        if (there) {
            visited.set(page);
        }
        return there;
    }

    @Override
    public void put(int page) {
        if (!get(page)) {
            if (queue.size() == capacity) {
                evict();
            }
            queue.add(page);
        }
    }

    private void evict() {
        int candidate = pointedAt();
        while (visited.get(candidate)) {
            visited.clear(candidate);
            hand = queue.after(candidate);
            candidate = pointedAt();
        }
        flush(candidate);
    }

    private int pointedAt() {
        return hand == PageQueue.NONE ? queue.oldest() : hand;
    }

    @Override
    public void flush(int page) {
        if (queue.contains(page)) {
            if (pointedAt() == page) {
                hand = queue.after(page);
            }
            queue.remove(page);
            visited.clear(page);
        }
    }
}
