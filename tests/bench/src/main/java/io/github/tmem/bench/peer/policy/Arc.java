package io.github.tmem.bench.peer.policy;

/**
 * ARC (Megiddo and Modha, FAST 2003) for gets that keep the page.
 *
 * <pre>
 *   recent, frequent              pages that are here: used once, used more than once
 *   recentGhosts, frequentGhosts  keys of pages that had to leave
 * </pre>
 */
public final class Arc implements PageCache {
    private final int capacity;
    private final PageQueue recent;
    private final PageQueue frequent;
    private final PageQueue recentGhosts;
    private final PageQueue frequentGhosts;

    /** How many recent pages there should be. */
    private double target;

    /** An empty cache of {@code capacity} pages, at least 1, for pages from 0 to one below {@code pages}. */
    public Arc(int pages, int capacity) {
        this.capacity = capacity;
        recent = new PageQueue(pages);
        frequent = new PageQueue(pages);
        recentGhosts = new PageQueue(pages);
        frequentGhosts = new PageQueue(pages);
    }

    @Override
    public boolean get(int page) {
        boolean there = recent.remove(page) || frequent.remove(page);
        if (there) {
            frequent.add(page);
        }
        return there;
    }

    @Override
    public void put(int page) {
        if (get(page)) {
            return;
        }
        double ratio = (double) frequentGhosts.size() / Math.max(1, recentGhosts.size());
        if (recentGhosts.contains(page)) {
            target = Math.min(capacity, target + Math.max(1, ratio));
            replace(recent.size() > target);
            recentGhosts.remove(page);
            frequent.add(page);
        } else if (frequentGhosts.contains(page)) {
            target = Math.max(0, target - Math.max(1, 1 / ratio));
            replace(recent.size() >= target);
            frequentGhosts.remove(page);
            frequent.add(page);
        } else {
            makeRoomForNew();
            recent.add(page);
        }
    }

    private void makeRoomForNew() {
        if (recent.size() + recentGhosts.size() == capacity) {
            if (recent.size() == capacity) {
                recent.removeOldest();
                return;
            }
            recentGhosts.removeOldest();
        } else if (pages() + recentGhosts.size() + frequentGhosts.size() == 2 * capacity) {
            frequentGhosts.removeOldest();
        }
        replace(recent.size() > target);
    }

    /** Makes one page leave if the cache is full: preferably a recent one if there are too many. */
    private void replace(boolean tooManyRecent) {
        if (pages() < capacity) {
            return;
        }
        if (recent.size() > 0 && (tooManyRecent || frequent.size() == 0)) {
            recentGhosts.add(recent.removeOldest());
        } else {
            frequentGhosts.add(frequent.removeOldest());
        }
    }

    boolean contains(int page) {
        return recent.contains(page) || frequent.contains(page);
    }

    /** How many pages are here. */
    int pages() {
        return recent.size() + frequent.size();
    }

    @Override
    public void flush(int page) {
        recent.remove(page);
        frequent.remove(page);
    }
}
