package io.github.tmem.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The locks of a backend's books. What concerns one slot of one group takes the stripe of the group; whatever else takes all of them, and
 * then nobody else is at the books. Who holds one stripe never asks for another.
 *
 * <p>Copies of random lengths are in random groups, so threads that store and free copies seldom meet: two threads in one of
 * sixteen cases if all stripes were wanted equally, and then for the books of one slot.
 */
final class Stripes {
    private static final int COUNT = 16;

    private final List<Stripe> stripes = new ArrayList<>();

    Stripes() {
        for (int i = 0; i < COUNT; i++) {
            stripes.add(new Stripe());
        }
    }

    /** The stripe of a group. */
    Stripe of(int group) {
        return stripes.get(group & (COUNT - 1));
    }

    /** Waits until nobody else is at the books. */
    void lockAll() {
        assert !anyHeld() : "who holds a stripe asks for all";
        for (int i = 0; i < COUNT; i++) {
            stripes.get(i).lock();
        }
    }

    /** Ends {@link #lockAll}. */
    void unlockAll() {
        for (int i = COUNT - 1; i >= 0; i--) {
            stripes.get(i).unlock();
        }
    }

    /** A count over all stripes, which are all held. */
    long sum(ToLongFunction<Stripe> count) {
        return stripes.stream().mapToLong(count).sum();
    }

    private boolean anyHeld() {
        for (int i = 0; i < COUNT; i++) {
            if (stripes.get(i).isHeldByCurrentThread()) {
                return true;
            }
        }
        return false;
    }
}
