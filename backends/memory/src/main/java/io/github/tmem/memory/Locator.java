package io.github.tmem.memory;

/**
 * The name of a copy, and of the slot it starts in.
 *
 * <pre>
 *   63    52 51          31 30        18 17           0
 *   |  zero |  slab (21)    | slot (13)  | generation (18) |     a locator
 *   |  zero                 | slab (21)    | slot (13)     |     a place
 * </pre>
 *
 * <p>The generation is the slab's count of allocations. A locator comes back only if its slot is taken again exactly
 * a multiple of 262,144 allocations of that slab later, and then under another stamp in the directory.
 */
final class Locator {
    static final int SLAB_BITS = 21;
    static final int SLOT_BITS = 13;
    static final int GENERATION_BITS = 18;

    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;

    private Locator() {}

    static long of(long place, int generation) {
        assert generation == (generation & GENERATION_MASK);
        return place << GENERATION_BITS | generation;
    }

    static long place(long locator) {
        return locator >>> GENERATION_BITS;
    }

    static int generation(long locator) {
        return (int) locator & GENERATION_MASK;
    }

    static int nextGeneration(int generation) {
        return generation + 1 & GENERATION_MASK;
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
