package io.github.tmem.bench.peer.policy;

import java.util.LinkedHashSet;

/**
 * ARC (Megiddo and Modha, 2003) with exclusive gets, simulated: a hit hands the page over and removes it, and its key is
 * remembered, so that it comes back as a frequent page. Pages and keys together are at most twice the capacity.
 *
 * <pre>
 *   recent, frequent             pages that are here, the oldest first
 *   recentGhosts, frequentGhosts keys of pages that had to leave
 *   given                        keys of pages that were handed over, or asked for in vain while they were ghosts
 * </pre>
 *
 * Not thread-safe.
 */
public final class ExclusiveArc implements PageCache {
    private final int capacity;
    private final LinkedHashSet<Integer> recent = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> frequent = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> recentGhosts = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> frequentGhosts = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> given = new LinkedHashSet<>();

    /** How many recent pages there should be. */
    private double target;

    /** An empty cache of {@code capacity} pages, at least 1. */
    public ExclusiveArc(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public boolean get(int page) {
        if (recent.remove(page) || frequent.remove(page)) {
            given.addLast(page);
            return true;
        }
        double recentShare = (double) recentGhosts.size() / Math.max(1, frequentGhosts.size());
        if (recentGhosts.remove(page)) {
            target = Math.min(capacity, target + Math.max(1, 1 / recentShare));
            given.addLast(page);
        } else if (frequentGhosts.remove(page)) {
            target = Math.max(0, target - Math.max(1, recentShare));
            given.addLast(page);
        }
        return false;
    }

    @Override
    public void put(int page) {
        if (recent.contains(page) || frequent.contains(page)) {
            return;
        }
        boolean known = given.remove(page) || recentGhosts.remove(page) || frequentGhosts.remove(page);
        if (recent.size() + frequent.size() >= capacity) {
            replace();
        }
        (known ? frequent : recent).addLast(page);
        trimGhosts();
    }

    @Override
    public void flush(int page) {
        // its key is remembered as before
        recent.remove(page);
        frequent.remove(page);
    }

    private void replace() {
        if (!recent.isEmpty() && (frequent.isEmpty() || recent.size() > target)) {
            recentGhosts.addLast(recent.removeFirst());
        } else {
            frequentGhosts.addLast(frequent.removeFirst());
        }
    }

    private void trimGhosts() {
        while (!recentGhosts.isEmpty() && recent.size() + recentGhosts.size() > capacity) {
            recentGhosts.removeFirst();
        }
        while (pages() + recentGhosts.size() + frequentGhosts.size() + given.size() > 2 * capacity) {
            (!frequentGhosts.isEmpty() ? frequentGhosts : !recentGhosts.isEmpty() ? recentGhosts : given).removeFirst();
        }
    }

    /** The pages that are here. */
    public int pages() {
        return recent.size() + frequent.size();
    }
}
