package io.github.tmem.bench.replay;

import java.util.Arrays;

/**
 * The page cache of a guest system in front of the store: two lists. A page enters the inactive list on its first touch
 * and moves to the active list on the next; the active list holds at most half of the pages, and what it can no longer
 * hold goes back to the head of the inactive one. The victim is the tail of the inactive list, or else of the active one.
 *
 * <p>Lists are linked through arrays indexed by page; nothing is allocated after construction. Not thread-safe.
 */
public final class GuestCache {
    /** The result of {@link #admit} when nobody had to leave. */
    public static final int NONE = -1;

    private static final byte ABSENT = 0;
    private static final byte INACTIVE = 1;
    private static final byte ACTIVE = 2;

    private final int capacity;
    private final int activeMax;
    private final byte[] where;
    private final int[] previous;
    private final int[] next;
    private final int[] sizes = new int[3];

    /** The first of two ring heads behind the pages; the ring of list {@code w} is headed by {@code heads + w}. */
    private final int heads;

    /**
     * An empty cache.
     *
     * @param pages pages are numbered from 0 to one below this
     * @param capacity the most pages it holds, at least 1
     */
    public GuestCache(int pages, int capacity) {
        this.capacity = capacity;
        activeMax = capacity / 2;
        where = new byte[pages];
        heads = pages - INACTIVE;
        previous = new int[pages + 2];
        next = new int[pages + 2];
        Arrays.setAll(previous, i -> i);
        Arrays.setAll(next, i -> i);
    }

    /** Touches a page if it is there. Returns whether it is. */
    public boolean touch(int page) {
        if (where[page] == ABSENT) {
            return false;
        }
        unlink(page);
        linkFirst(page, ACTIVE);
        if (sizes[ACTIVE] > activeMax) {
            int overflow = last(ACTIVE);
            unlink(overflow);
            linkFirst(overflow, INACTIVE);
        }
        return true;
    }

    /** Takes in a page that is absent. Returns the page that had to leave, or {@link #NONE}. */
    public int admit(int page) {
        assert where[page] == ABSENT : page;
        int victim = NONE;
        if (sizes[INACTIVE] + sizes[ACTIVE] == capacity) {
            victim = last(sizes[INACTIVE] > 0 ? INACTIVE : ACTIVE);
            unlink(victim);
            where[victim] = ABSENT;
        }
        linkFirst(page, INACTIVE);
        return victim;
    }

    private int last(byte list) {
        return previous[heads + list];
    }

    private void unlink(int page) {
        sizes[where[page]]--;
        next[previous[page]] = next[page];
        previous[next[page]] = previous[page];
    }

    private void linkFirst(int page, byte list) {
        int head = heads + list;
        where[page] = list;
        sizes[list]++;
        previous[page] = head;
        next[page] = next[head];
        previous[next[head]] = page;
        next[head] = page;
    }
}
