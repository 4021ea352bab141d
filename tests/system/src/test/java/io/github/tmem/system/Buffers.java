package io.github.tmem.system;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The sorts of caller memory a page can be in. Every sort is filled from an array, and read back into it. */
final class Buffers {
    private final byte[] page;
    private final byte[] untouched;
    private final MemorySegment onHeap;
    private final MemorySegment offHeap;

    /** Where the caller has its page. */
    enum Sort {
        ARRAY,
        BYTE_BUFFER,
        DIRECT_BUFFER,
        HEAP_SEGMENT,
        NATIVE_SEGMENT;

        static final Sort[] ALL = values();
    }

    /** Buffers of {@code bytes} bytes; native memory comes from {@code arena}. */
    Buffers(int bytes, Arena arena) {
        page = new byte[bytes];
        untouched = new byte[bytes];
        Arrays.fill(untouched, (byte) 0x5a);
        onHeap = MemorySegment.ofArray(page);
        offHeap = arena.allocate(bytes);
    }

    /** What is put, or was delivered. */
    byte[] page() {
        return page;
    }

    PutResult put(PagePool pool, ObjectId object, long index, Sort sort) {
        if (sort == Sort.DIRECT_BUFFER || sort == Sort.NATIVE_SEGMENT) {
            offHeap.copyFrom(onHeap);
        }
        return switch (sort) {
            case ARRAY -> pool.put(object, index, page);
            case BYTE_BUFFER -> pool.put(object, index, ByteBuffer.wrap(page));
            case DIRECT_BUFFER -> pool.put(object, index, offHeap.asByteBuffer());
            case HEAP_SEGMENT -> pool.put(object, index, onHeap);
            case NATIVE_SEGMENT -> pool.put(object, index, offHeap);
        };
    }

    boolean get(PagePool pool, ObjectId object, long index, Sort sort) {
        return switch (sort) {
            case ARRAY -> pool.get(object, index, page);
            case BYTE_BUFFER -> pool.get(object, index, ByteBuffer.wrap(page));
            case DIRECT_BUFFER -> pool.get(object, index, offHeap.asByteBuffer());
            case HEAP_SEGMENT -> pool.get(object, index, onHeap);
            case NATIVE_SEGMENT -> pool.get(object, index, offHeap);
        };
    }

    /** All bytes as they are before a get. */
    void clear(Sort sort) {
        (isNative(sort) ? offHeap : onHeap).copyFrom(MemorySegment.ofArray(untouched));
    }

    /** What a get left behind is now in {@link #page}. */
    void fetch(Sort sort) {
        if (isNative(sort)) {
            MemorySegment.copy(offHeap, ValueLayout.JAVA_BYTE, 0, page, 0, page.length);
        }
    }

    /** Whether {@link #page} is as {@link #clear} left it. */
    boolean isUntouched() {
        return Arrays.equals(page, untouched);
    }

    private static boolean isNative(Sort sort) {
        return sort == Sort.DIRECT_BUFFER || sort == Sort.NATIVE_SEGMENT;
    }
}
