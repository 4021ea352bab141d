package io.github.tmem.bench.mixed;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The oracle: which generations of a slot's page a get may deliver. Every put of a slot has a generation of its own, the next
 * higher one. A page may vanish at any time, so a miss is always right; what comes back must be no older than the last put
 * that had ended when the get began, no younger than the last one that had begun when it ended, and never a page whose end
 * was known when the get began.
 *
 * <p>One thread, its owner, puts and flushes a slot. Any thread reads it, in this order: {@link #least}, {@link #born}, the get,
 * {@link #allows}.
 */
final class Generations {
    /** Per slot: the latest put that began. Written before that put. */
    private final AtomicLongArray latest;

    /** Per slot: the first put of the index that the slot has now. Written before that put. */
    private final AtomicLongArray born;

    /** Per slot: the lowest generation that a get which begins now may deliver. Written after a put or flush has ended. */
    private final AtomicLongArray least;

    /** Slots that never had a page. */
    Generations(int slots) {
        latest = new AtomicLongArray(slots);
        born = new AtomicLongArray(slots);
        least = new AtomicLongArray(slots);
        for (int slot = 0; slot < slots; slot++) {
            gone(slot);
        }
    }

    int slots() {
        return latest.length();
    }

    /** The owner is about to put a page of this slot under a new index. Returns its generation. */
    long beginNew(int slot) {
        long generation = beginOver(slot);
        born.set(slot, generation);
        return generation;
    }

    /** The owner is about to put a page of this slot under the index it has. Returns its generation. */
    long beginOver(int slot) {
        return latest.incrementAndGet(slot);
    }

    /** The owner's put was accepted: from now on nothing older comes back. */
    void stored(int slot, long generation) {
        least.set(slot, generation);
    }

    /** The owner saw the page refused, flushed or missing: from now on none comes back before the next put. */
    void gone(int slot) {
        least.set(slot, latest.get(slot) + 1);
    }

    /** Whether the owner has put a page that is not known to be gone. */
    boolean mayBeThere(int slot) {
        return least.get(slot) <= latest.get(slot);
    }

    /** The lowest generation that a get which begins now may deliver. */
    long least(int slot) {
        return least.get(slot);
    }

    /** The first generation under the slot's index, which tells indexes of the slot apart; 0 if there was none. */
    long born(int slot) {
        return born.get(slot);
    }

    /** Whether a get that has just ended may have delivered this generation, if {@code least} was read before it began. */
    boolean allows(int slot, long least, long generation) {
        return generation >= least && generation <= latest.get(slot);
    }
}
