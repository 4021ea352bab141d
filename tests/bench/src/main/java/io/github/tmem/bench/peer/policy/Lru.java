package io.github.tmem.bench.peer.policy;

/** The page that was not used for the longest time leaves. */
public final class Lru implements PageCache {
    private final int capacity;
    private final PageQueue queue;

    /** An empty cache of {@code capacity} pages, at least 1, for pages from 0 to one below {@code pages}. */
    public Lru(int pages, int capacity) {
        this.capacity = capacity;
        queue = new PageQueue(pages);
    }

    @Override
    public boolean get(int page) {
        boolean there = queue.remove(page);
        if (there) {
            queue.add(page);
        }
        return there;
    }

    @Override
    public void put(int page) {
        if (!get(page)) {
            if (queue.size() == capacity) {
                queue.removeOldest();
            }
            queue.add(page);
        }
    }

    @Override
    public void flush(int page) {
        queue.remove(page);
    }
}
