package io.github.tmem.memory.slot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How the length of a copy is kept for nothing: a slot that a copy does not fill ends with the number of its unused bytes.
 * Up to 255 that is the last byte; above, that byte is zero and the two before it have the number.
 */
public final class Padding {
    private static final int BYTE_MAX = 255;
    private static final ValueLayout.OfChar LONG_FORM = ValueLayout.JAVA_CHAR_UNALIGNED;

    private Padding() {}

    /** Writes how many bytes, 1 or above, are unused at the end of the slot that ends before {@code end}. */
    public static void write(MemorySegment memory, long end, int unused) {
        if (unused <= BYTE_MAX) {
            memory.set(ValueLayout.JAVA_BYTE, end - 1, (byte) unused);
        } else {
            memory.set(ValueLayout.JAVA_BYTE, end - 1, (byte) 0);
            memory.set(LONG_FORM, end - 1 - Character.BYTES, (char) unused);
        }
    }

    /** The last four bytes of a slot, least significant first, in which so many are unused: zeros but for these. */
    static int word(int unused) {
        return unused <= BYTE_MAX ? unused << (3 * Byte.SIZE) : unused << Byte.SIZE;
    }

    /** The bytes that are unused at the end of the slot that ends before {@code end}. */
    public static int read(MemorySegment memory, long end) {
        int unused = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, end - 1));
        return unused > 0 ? unused : memory.get(LONG_FORM, end - 1 - Character.BYTES);
    }
}
