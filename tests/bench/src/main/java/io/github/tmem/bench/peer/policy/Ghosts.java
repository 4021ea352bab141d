package io.github.tmem.bench.peer.policy;

import java.util.Arrays;

/** The keys of the pages that left last, so many of them. Not thread-safe. */
final class Ghosts {
    private static final int FREE = -1;

    /** The keys in the order in which they came, in a ring. */
    private final int[] ring;

    /** For each page its place in the ring, or {@link #FREE}. */
    private final int[] places;

    private int next;

    /** No keys yet; {@code most} places, at least 1, for pages from 0 to one below {@code pages}. */
    Ghosts(int pages, int most) {
        ring = new int[most];
        Arrays.fill(ring, FREE);
        places = new int[pages];
        Arrays.fill(places, FREE);
    }

    /** Adds a key in place of the oldest. */
    void add(int page) {
        int oldest = ring[next];
        if (oldest != FREE && places[oldest] == next) {
            places[oldest] = FREE;
        }
        ring[next] = page;
        places[page] = next;
        next = (next + 1) % ring.length;
    }

    /** Uses up a key; its place in the ring stays taken. Returns whether it was there. */
    boolean take(int page) {
        boolean there = places[page] != FREE;
        places[page] = FREE;
        return there;
    }
}
