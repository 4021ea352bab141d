package io.github.tmem.memory;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * The locks of a backend's books. What concerns one slot of one group takes the stripe of the group; whatever else takes all of them, and
 * then nobody else is at the books. Who holds one stripe never asks for another.
 *
 * <p>Copies of random lengths are in random groups, so threads that store and free copies seldom meet: two threads in one of
 * sixteen cases if all stripes were wanted equally, and then for the books of one slot.
 */
final class Stripes {
    static final int COUNT = 16;

    private final Stripe[] stripes = new Stripe[COUNT];

    Stripes() {
        for (int i = 0; i < COUNT; i++) {
            stripes[i] = new Stripe(i * Locator.GENERATIONS / COUNT);
        }
    }

    /** The number of the stripe of a group, from 0 to below {@link #COUNT}. */
    static int numberOf(int group) {
        return group & (COUNT - 1);
    }

    /** The stripe of a group. */
    Stripe of(int group) {
        return stripes[numberOf(group)];
    }

    /** Waits until nobody else is at the books. */
    void lockAll() {
        assert !anyHeld() : "who holds a stripe asks for all";
        int taken = 0;
        try {
            for (; taken < COUNT; taken++) {
                stripes[taken].lock();
            }
        } finally {
            if (taken < COUNT) {
                unlock(taken);
            }
        }
    }

    /** Ends {@link #lockAll}. */
    void unlockAll() {
        unlock(COUNT);
    }

    private void unlock(int taken) {
        for (int i = taken - 1; i >= 0; i--) {
            stripes[i].unlock();
        }
    }

    /** A count over all stripes, which are all held. */
    long sum(ToLongFunction<Stripe> count) {
        return Arrays.stream(stripes).mapToLong(count).sum();
    }

    private boolean anyHeld() {
        for (int i = 0; i < COUNT; i++) {
            if (stripes[i].isHeldByCurrentThread()) {
                return true;
            }
        }
        return false;
    }
}
