package io.github.tmem.memory;

import java.lang.foreign.ValueLayout;

/**
 * How a copy is laid out. Up to 4 KiB it fills one slot. A longer one fills chunks of 4 KiB from its start, and its head
 * slot holds the link to the first chunk and the bytes that are left; the last chunk may be a few bytes short, when what
 * is left would just not fit beside the link.
 */
final class Chunks {
    /** The bytes in a chunk. */
    static final int BYTES = SizeClasses.SLOT_MAX;

    /** The bytes of a head slot that the link takes. */
    static final int LINK_BYTES = 8;

    /** How the link lies in a head slot. */
    static final ValueLayout.OfLong LINK = ValueLayout.JAVA_LONG_UNALIGNED;

    private Chunks() {}

    /** The number of chunks of a copy, 0 when it is in one slot. */
    static int count(int length) {
        return length <= BYTES ? 0 : Math.ceilDiv(length + LINK_BYTES - BYTES, BYTES);
    }

    /** The longest copy with so many chunks. */
    static int longest(int chunks) {
        return (chunks + 1) * BYTES - LINK_BYTES;
    }

    /** The bytes of the slot in which a copy starts: the copy itself, or its head. */
    static int firstSlotBytes(int length) {
        return length <= BYTES ? length : LINK_BYTES + Math.max(0, length - count(length) * BYTES);
    }
}
