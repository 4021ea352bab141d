package io.github.tmem.bench.peer.policy;

import io.github.tmem.api.GetMode;
import java.util.TreeSet;

/**
 * Belady's optimum (1966): knows what will be asked, and does without the page whose next get is the furthest away, be it
 * the one that is put. No cache of that many pages has more hits. A page that will be flushed before it is asked for, or is
 * never asked for, is not worth having.
 *
 * <p>A page is put at most once between two of its gets or flushes, as those do who put what they missed or gave up.
 */
public final class Belady implements PageCache {
    private final KnownFuture future;
    private final GetMode mode;
    private final int capacity;

    /** The events of each page that are past. */
    private final int[] past;

    /** For each page that is here the time of its next get. */
    private final TreeSet<Integer> nextGets = new TreeSet<>();

    private int now;

    /** An empty cache of {@code capacity} pages, at least 1, of which exactly {@code future} will be asked. */
    public Belady(GetMode mode, int capacity, KnownFuture future) {
        this.future = future;
        this.mode = mode;
        this.capacity = capacity;
        past = new int[future.pages()];
    }

    @Override
    public boolean get(int page) {
        assert future.nextGet(page, past[page]) == now : "another future";
        boolean there = nextGets.remove(now);
        now++;
        past[page]++;
        if (there && mode == GetMode.INCLUSIVE) {
            put(page);
        }
        return there;
    }

    @Override
    public void put(int page) {
        int next = future.nextGet(page, past[page]);
        if (next != KnownFuture.NEVER && nextGets.add(next) && nextGets.size() > capacity) {
            nextGets.pollLast();
        }
    }

    @Override
    public void flush(int page) {
        now++;
        past[page]++;
    }
}
