package io.github.tmem.chronicle;

import java.lang.foreign.MemorySegment;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.Data;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a copy on their way into the map, which takes them from the caller's segment without a byte array between.
 * For one insertion by one thread.
 */
final class EncodedCopy implements Data<byte[]> {
    private final MemorySegment encoded;
    private final int length;
    private @Nullable RuntimeException failure;

    EncodedCopy(MemorySegment encoded, int length) {
        this.encoded = encoded;
        this.length = length;
    }

    /** Memory of the map. Whoever holds its segment's lock may access it. */
    @SuppressWarnings("restricted") // the map gives an address only
    static MemorySegment memory(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    @Override
    public long size() {
        return length;
    }

    /**
     * Called by the map with the chunks of the entry taken and the entry not yet in its hash table: it would lose the chunks
     * if this threw. What went wrong is kept for {@link #failure}.
     */
    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public void writeTo(RandomDataOutput target, long targetOffset) {
        try {
            MemorySegment.copy(encoded, 0, memory(target.addressForWrite(targetOffset), length), 0, length);
        } catch (RuntimeException callersMistake) {
            failure = callersMistake;
        }
    }

    /** Why the bytes could not be read: the segment is closed, another thread's or too short. Null if they were. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public RandomDataInput bytes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long offset() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] get() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getUsing(byte @Nullable [] using) {
        throw new UnsupportedOperationException();
    }
}
