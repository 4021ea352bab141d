package io.github.tmem.memory;

import java.lang.foreign.ValueLayout;

/**
 * How a copy is laid out. Up to 4 KiB it is in one slot. A longer one fills chunks from its start, and what is left is in
 * its head. Heads and chunks begin with a word of 8 bytes:
 *
 * <pre>
 *   63         62 61                      28 27           0
 *   |       zero | length of the copy       | link (28)    |   head; link to the first chunk
 *   |       zero | place of the head (34)   | link (28)    |   chunk; link to the next chunk
 * </pre>
 *
 * <p>Chunks are slots of the largest class, of which a slab has at most 64, so that a link to one needs 28 bits:
 *
 * <pre>
 *   27           26      6 5       0
 *   | present (1) | slab (21) | slot (6) |
 * </pre>
 */
final class Chunks {
    /** The bytes at the start of a head or chunk that are not the copy's. */
    static final int WORD_BYTES = 8;

    /** The bytes of the copy in a chunk. */
    static final int BYTES = SizeClasses.SLOT_MAX - WORD_BYTES;

    /** The most chunks in a slab. */
    static final int PER_SLAB_MAX = 64;

    /** How the word lies in a slot. */
    static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    /** The link of the last chunk. */
    static final int NO_LINK = 0;

    private static final int LINK_BITS = 28;
    private static final int LINK_PRESENT = 1 << (LINK_BITS - 1);
    private static final int LINK_SLOT_BITS = 6;

    private Chunks() {}

    /** The number of chunks of a copy, 0 when it is in one slot. */
    static int count(int length) {
        return length <= SizeClasses.SLOT_MAX ? 0 : Math.ceilDiv(length, BYTES) - 1;
    }

    /** The bytes of the slot in which a copy starts: the copy itself, or its head. */
    static int firstSlotBytes(int length) {
        return length <= SizeClasses.SLOT_MAX ? length : WORD_BYTES + length - count(length) * BYTES;
    }

    /** The word of a head, with the length of the copy, or of a chunk, with the place of its head. */
    static long word(long lengthOrHead, int link) {
        return lengthOrHead << LINK_BITS | link;
    }

    /** The length of the copy in the word of a head. */
    static int length(long word) {
        return (int) (word >>> LINK_BITS);
    }

    /** The place of the head in the word of a chunk. */
    static long head(long word) {
        return word >>> LINK_BITS;
    }

    static int link(long word) {
        return (int) word & ((1 << LINK_BITS) - 1);
    }

    static int linkTo(long place) {
        int slot = Locator.slot(place);
        assert slot < PER_SLAB_MAX;
        return LINK_PRESENT | Locator.slab(place) << LINK_SLOT_BITS | slot;
    }

    /** The place a link other than {@link #NO_LINK} leads to. */
    static long place(int link) {
        int slot = link & (PER_SLAB_MAX - 1);
        return Locator.placeOf((link & (LINK_PRESENT - 1)) >>> LINK_SLOT_BITS, slot);
    }
}
