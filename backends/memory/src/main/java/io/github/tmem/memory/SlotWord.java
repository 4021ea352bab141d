package io.github.tmem.memory;

/**
 * What is kept about a slot, in 64 bits.
 *
 * <pre>
 *   63 62 61            44 43       32 31              0
 *   | 0  |  zero                        | next free + 1 |   free
 *   | 1  | generation (18) | length (12) | owner (32)   |   a copy in one slot; length - 1
 *   | 2  | generation (18) | length (12) | owner (32)   |   head of a long copy; length modulo 4096
 *   | 3  | place of the head (34)  | link (28)          |   chunk of a long copy; link to the next chunk
 * </pre>
 *
 * <p>Chunks are slots of the largest class only, of which a slab has at most 64, so that a link to one needs 28 bits:
 *
 * <pre>
 *   27           26      6 5       0
 *   | present (1) | slab (21) | slot (6) |
 * </pre>
 *
 * <p>The link to the first chunk is the first 8 bytes of the head's slot.
 */
final class SlotWord {
    static final int FREE = 0;
    static final int COPY = 1;
    static final int HEAD = 2;
    static final int CHUNK = 3;

    /** The link of the last chunk. */
    static final int NO_LINK = 0;

    private static final int STATE_SHIFT = 62;
    private static final int GENERATION_SHIFT = 44;
    private static final int LENGTH_SHIFT = 32;
    private static final int LENGTH_MASK = (1 << 12) - 1;
    private static final int LINK_BITS = 28;
    private static final int LINK_PRESENT = 1 << (LINK_BITS - 1);
    private static final int LINK_SLOT_BITS = 6;

    private SlotWord() {}

    static int state(long word) {
        return (int) (word >>> STATE_SHIFT);
    }

    /** A free slot, followed by the free slot {@code next} of the slab, or by none: -1. */
    static long free(int next) {
        return next + 1L;
    }

    static int nextFree(long word) {
        assert state(word) == FREE;
        return (int) word - 1;
    }

    /** A copy of {@code length} bytes, in one slot or as a chain. */
    static long copy(int state, int generation, int length, int owner) {
        int field = state == COPY ? length - 1 : length & LENGTH_MASK;
        return (long) state << STATE_SHIFT
                | (long) generation << GENERATION_SHIFT
                | (long) field << LENGTH_SHIFT
                | Integer.toUnsignedLong(owner);
    }

    static int generation(long word) {
        return Locator.generation(word >>> GENERATION_SHIFT);
    }

    static int owner(long word) {
        return (int) word;
    }

    /** The length of a copy in one slot. */
    static int length(long word) {
        assert state(word) == COPY;
        return ((int) (word >>> LENGTH_SHIFT) & LENGTH_MASK) + 1;
    }

    /** The length of a long copy that has {@code chunks} chunks: of 4096 lengths in a row just one fits. */
    static int length(long word, int chunks) {
        assert state(word) == HEAD;
        int longest = Chunks.longest(chunks);
        int modulo = (int) (word >>> LENGTH_SHIFT) & LENGTH_MASK;
        return longest - ((longest - modulo) & LENGTH_MASK);
    }

    static long chunk(long headPlace, int link) {
        return (long) CHUNK << STATE_SHIFT | headPlace << LINK_BITS | link;
    }

    static long headPlace(long word) {
        assert state(word) == CHUNK;
        return (word & ~((long) CHUNK << STATE_SHIFT)) >>> LINK_BITS;
    }

    static int link(long word) {
        return (int) word & ((1 << LINK_BITS) - 1);
    }

    static int linkTo(long place) {
        int slot = Locator.slot(place);
        assert slot < 1 << LINK_SLOT_BITS;
        return LINK_PRESENT | Locator.slab(place) << LINK_SLOT_BITS | slot;
    }

    /** The place a link other than {@link #NO_LINK} leads to. */
    static long place(int link) {
        int slot = link & ((1 << LINK_SLOT_BITS) - 1);
        return Locator.placeOf((link & (LINK_PRESENT - 1)) >>> LINK_SLOT_BITS, slot);
    }
}
