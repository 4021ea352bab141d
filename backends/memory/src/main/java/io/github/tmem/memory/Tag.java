package io.github.tmem.memory;

/**
 * One byte about a slot: what is in it and, where a copy starts, the generation of its {@link Locator}.
 *
 * <pre>
 *   7    6 5             0
 *   |  0  |  0             |   free
 *   |  0  |  1             |   chunk of a long copy
 *   |  0  |  2             |   free, in the magazine of its group
 *   |  1  | generation (6) |   a copy that fills its slot
 *   |  2  | generation (6) |   a copy that leaves some of its slot, see {@link io.github.tmem.memory.slot.Padding}
 *   |  3  | generation (6) |   head of a long copy, see {@link Chunks}
 * </pre>
 */
final class Tag {
    static final int FREE = 0;
    static final int CHUNK = 1;
    static final int LOADED = 2;

    /** The states of slots in which a copy starts. */
    static final int FULL = 1;

    static final int PADDED = 2;
    static final int HEAD = 3;

    private static final int GENERATION_MASK = (1 << Locator.GENERATION_BITS) - 1;

    /** All bits of each byte but its highest. */
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

    private Tag() {}

    /** The highest bit of each of eight tags that is {@link #FREE}, and no other bit. */
    static long freeOf(long tags) {
        return ~(((tags & LOW_BITS) + LOW_BITS) | tags | LOW_BITS);
    }

    /** The tag of a slot in which a copy starts. */
    static int of(int state, int generation) {
        assert generation < Locator.GENERATIONS;
        return state << Locator.GENERATION_BITS | generation;
    }

    /** {@link #FULL}, {@link #PADDED} or {@link #HEAD}; 0 when no copy starts in the slot. */
    static int state(int tag) {
        return tag >>> Locator.GENERATION_BITS;
    }

    static int generation(int tag) {
        return tag & GENERATION_MASK;
    }

    /** Whether a copy starts in the slot. */
    static boolean isStart(int tag) {
        return state(tag) != 0;
    }

    /** Whether the slot belongs to a copy of several slots. */
    static boolean isChained(int tag) {
        return tag == CHUNK || state(tag) == HEAD;
    }
}
