package io.github.tmem.tiering.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a caller during one call: an array, or a segment that has none. Belongs to one thread; reused
 * without allocation; let go of when the call ends (L7).
 */
public final class CallerPage {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Never started: what it may access, any thread may, and close if it is closed at all. */
    private static final Thread ANOTHER = Thread.ofPlatform().unstarted(() -> {});

    private byte @Nullable [] array;
    private int offset;
    private @Nullable MemorySegment segment;

    /** No memory yet. */
    public CallerPage() {}

    /** The whole of an array. */
    public void set(byte[] callersArray) {
        array = callersArray;
        offset = 0;
    }

    /** A segment. */
    public void set(MemorySegment callersSegment) {
        segment = callersSegment;
        if (callersSegment.heapBase().orElse(null) instanceof byte[] base) {
            array = base;
            offset = (int) callersSegment.address();
        }
    }

    /** Lets go of the memory. */
    public void clear() {
        array = null;
        segment = null;
    }

    /** Whether another thread may close the memory while the call is under way, so that writing to it fails. */
    public boolean mayVanish() {
        return array == null && isOpenToAll(segment());
    }

    /** Whether every thread may access some memory. */
    public static boolean isOpenToAll(MemorySegment memory) {
        return memory.isAccessibleBy(ANOTHER);
    }

    /** The array that the memory is part of, or null: it is native, or not to be written. */
    byte @Nullable [] array() {
        return array;
    }

    /** Where in {@link #array} the memory begins. */
    int offset() {
        return offset;
    }

    /** The length of a segment in bytes, as far as an int goes. */
    public int length() {
        return (int) Math.min(Integer.MAX_VALUE, segment().byteSize());
    }

    /** Copies the memory, which is a segment, into the first bytes of {@code target}. */
    void copyTo(byte[] target, int length) {
        MemorySegment.copy(segment(), ValueLayout.JAVA_BYTE, 0, target, 0, length);
    }

    /** Overwrites the first bytes of the memory with the first bytes of {@code source}. */
    void copyFrom(byte[] source, int length) {
        if (array != null) {
            System.arraycopy(source, 0, array, offset, length);
        } else {
            MemorySegment.copy(source, 0, segment(), ValueLayout.JAVA_BYTE, 0, length);
        }
    }

    /** Fills the memory, a multiple of 8 bytes, with one repeated word in native byte order. */
    public void fill(long word, int length) {
        for (int at = 0; at < length; at += Long.BYTES) {
            if (array != null) {
                LONG.set(array, offset + at, word);
            } else {
                segment().set(ValueLayout.JAVA_LONG_UNALIGNED, at, word);
            }
        }
    }

    private MemorySegment segment() {
        assert segment != null : "no memory was set";
        return segment;
    }
}
