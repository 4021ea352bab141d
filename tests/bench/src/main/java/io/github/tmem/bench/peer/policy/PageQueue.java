package io.github.tmem.bench.peer.policy;

import java.util.Arrays;

/**
 * Pages in the order in which they came; each can leave at any time. Linked through arrays indexed by page, so nothing is
 * allocated after construction. Not thread-safe.
 */
final class PageQueue {
    /** No page. */
    static final int NONE = -1;

    private final int[] older;
    private final int[] younger;

    /** The place behind the pages that joins the youngest to the oldest. */
    private final int joint;

    private int size;

    /** An empty queue for pages from 0 to one below {@code pages}. */
    PageQueue(int pages) {
        joint = pages;
        older = new int[pages + 1];
        younger = new int[pages + 1];
        Arrays.fill(younger, NONE);
        older[joint] = joint;
        younger[joint] = joint;
    }

    int size() {
        return size;
    }

    boolean contains(int page) {
        return younger[page] != NONE;
    }

    /** Adds a page that is absent, as the youngest. */
    void add(int page) {
        assert !contains(page) : page;
        int before = older[joint];
        older[page] = before;
        younger[page] = joint;
        younger[before] = page;
        older[joint] = page;
        size++;
    }

    /** Removes a page if it is there. Returns whether it was. */
    boolean remove(int page) {
        if (!contains(page)) {
            return false;
        }
        younger[older[page]] = younger[page];
        older[younger[page]] = older[page];
        younger[page] = NONE;
        size--;
        return true;
    }

    /** The oldest page, or {@link #NONE}. */
    int oldest() {
        return pageAt(younger[joint]);
    }

    /** The page that came next after {@code page}, which is there; {@link #NONE} after the youngest. */
    int after(int page) {
        return pageAt(younger[page]);
    }

    private int pageAt(int place) {
        return place == joint ? NONE : place;
    }

    /** Removes the oldest page of a queue that is not empty. Returns it. */
    int removeOldest() {
        int oldest = oldest();
        remove(oldest);
        return oldest;
    }
}
