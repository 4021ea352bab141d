package io.github.tmem.memory;

/**
 * The name of a copy, and of the slot it starts in.
 *
 * <pre>
 *   63  62       42 41       29 28        14 13             8 7          0
 *   | 0 | slab (21) | slot (13) | owner (15) | generation (6) | unused (8) |     a locator
 *   |              zero                   | slab (21)   | slot (13)        |     a place
 * </pre>
 *
 * <p>What a copy leaves unused of its slot is there so that freeing it need not look into the slot; of the owner there are
 * the lowest bits. The generation is the count of copies that began under the slab's {@link Stripe}, modulo 63: an odd number, so
 * that owners which count up do not meet the same generations in step.
 *
 * <p>A locator comes back only if its slot is taken again exactly a multiple of 63 copies of that stripe later, for an
 * owner that ends in the same bits and a copy that leaves as much unused: for a random other owner one time in two
 * million. A slab that is cut for a group of another stripe goes on with that one's count: there it is one time in 63 for the same
 * owner. But if it is the same owner, its directory entry has another stamp by then.
 */
final class Locator {
    static final int SLAB_BITS = 21;
    static final int SLOT_BITS = 13;
    static final int OWNER_BITS = 15;
    static final int GENERATION_BITS = 6;

    /** There are so many generations, from 0. */
    static final int GENERATIONS = (1 << GENERATION_BITS) - 1;

    /** So many unused bytes or more, or a long copy: the slot says how long the copy is. */
    static final int UNUSED_MAX = 255;

    private static final int UNUSED_BITS = 8;
    private static final int OWNER_SHIFT = UNUSED_BITS + GENERATION_BITS;
    private static final int PLACE_SHIFT = OWNER_SHIFT + OWNER_BITS;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
    private static final int OWNER_MASK = (1 << OWNER_BITS) - 1;

    private Locator() {}

    /** The locator of a copy, with {@code unused} from 0 to {@link #UNUSED_MAX}. */
    static long of(long place, int owner, int generation, int unused) {
        assert generation < GENERATIONS && unused <= UNUSED_MAX;
        return place << PLACE_SHIFT
                | (long) (owner & OWNER_MASK) << OWNER_SHIFT
                | (long) generation << UNUSED_BITS
                | unused;
    }

    static long place(long locator) {
        return locator >>> PLACE_SHIFT;
    }

    static int unused(long locator) {
        return (int) locator & UNUSED_MAX;
    }

    static int generation(long locator) {
        return (int) (locator >>> UNUSED_BITS) & GENERATION_MASK;
    }

    static int nextGeneration(int generation) {
        return generation + 1 == GENERATIONS ? 0 : generation + 1;
    }

    static long placeOf(int slab, int slot) {
        return (long) slab << SLOT_BITS | slot;
    }

    /** The slab of a place; a number no slab has if the locator is none of this backend. */
    static int slab(long place) {
        return (int) Math.min(place >>> SLOT_BITS, Integer.MAX_VALUE);
    }

    static int slot(long place) {
        return (int) place & SLOT_MASK;
    }
}
