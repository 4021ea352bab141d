package io.github.tmem.bench.peer.policy;

import io.github.tmem.api.GetMode;

/**
 * S3-FIFO (Yang and others, SOSP 2023): a small queue of a tenth for newcomers, a main queue, and a queue of ghosts, the
 * keys of newcomers that had to leave. A newcomer that was hit twice moves on to the main queue, where each hit, up to
 * three, is worth another round; a page whose ghost is there goes to the main queue at once. There are as many ghosts as
 * pages; one that was used keeps its place until it is the oldest.
 *
 * <p>With exclusive gets no page that is there was ever hit. Then the key of a page that was handed over is a ghost, too,
 * and there are twice as many ghosts as pages.
 */
public final class S3Fifo implements PageCache {
    private static final int SMALL_PART = 10;
    private static final int HITS_TO_MOVE_ON = 2;
    private static final int HITS_MAX = 3;

    private final GetMode mode;
    private final int capacity;
    private final int smallMost;
    private final PageQueue small;
    private final PageQueue main;
    private final Ghosts ghosts;
    private final byte[] hits;

    /** An empty cache of {@code capacity} pages, at least 1, for pages from 0 to one below {@code pages}. */
    public S3Fifo(GetMode mode, int pages, int capacity) {
        this.mode = mode;
        this.capacity = capacity;
        smallMost = Math.max(1, capacity / SMALL_PART);
        small = new PageQueue(pages);
        main = new PageQueue(pages);
        ghosts = new Ghosts(pages, mode == GetMode.EXCLUSIVE ? 2 * capacity : capacity);
        hits = new byte[pages];
    }

    @Override
    public boolean get(int page) {
        if (!contains(page)) {
            return false;
        }
        if (mode == GetMode.EXCLUSIVE) {
            flush(page);
            ghosts.add(page);
        } else {
            hits[page] = (byte) Math.min(HITS_MAX, hits[page] + 1);
        }
        return true;
    }

    private boolean contains(int page) {
        return small.contains(page) || main.contains(page);
    }

    @Override
    public void put(int page) {
        if (contains(page)) {
            return;
        }
        if (small.size() + main.size() == capacity) {
            evict();
        }
        hits[page] = 0;
        (ghosts.take(page) ? main : small).add(page);
    }

    private void evict() {
        boolean gone = false;
        while (!gone) {
            boolean fromSmall = main.size() == 0 || small.size() >= smallMost;
            gone = fromSmall ? leavesSmall() : leavesMain();
        }
    }

    /** Whether the oldest page of the small queue leaves; else it moves on. */
    private boolean leavesSmall() {
        int oldest = small.removeOldest();
        if (hits[oldest] >= HITS_TO_MOVE_ON) {
            hits[oldest] = 0;
            main.add(oldest);
            return false;
        }
        ghosts.add(oldest);
        return true;
    }

    /** Whether the oldest page of the main queue leaves; else it goes round once more. */
    private boolean leavesMain() {
        int oldest = main.removeOldest();
        if (hits[oldest] > 0) {
            hits[oldest]--;
            main.add(oldest);
            return false;
        }
        return true;
    }

    @Override
    public void flush(int page) {
        small.remove(page);
        main.remove(page);
    }
}
