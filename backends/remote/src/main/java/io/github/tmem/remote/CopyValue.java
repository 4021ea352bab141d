package io.github.tmem.remote;

import io.github.tmem.api.spi.Outcome;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What the server keeps of a copy: a header and the encoded page as it came. All numbers little-endian.
 *
 * <pre>
 *    0  magic and format      8 bytes, "tmemcpy" and 1
 *    8  session               8
 *   16  copy id               8
 *   24  length of the page    4
 *   28  CRC-32C               4, of the bytes before it and of the page
 *   32  page
 * </pre>
 */
final class CopyValue {
    /** Bytes of the header. */
    static final int HEADER = 32;

    private static final int SESSION = 8;
    private static final int COPY_ID = 16;
    private static final int LENGTH = 24;
    private static final int CRC = 28;
    private static final long MAGIC = 0x01_79_70_63_6d_65_6d_74L; // "tmemcpy", 1
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private CopyValue() {}

    /** A value with a copy of the page's bytes. */
    static byte[] of(long session, long copyId, MemorySegment encoded, int length) {
        byte[] value = new byte[HEADER + length];
        MemorySegment.copy(encoded, ValueLayout.JAVA_BYTE, 0, value, HEADER, length);
        LONGS.set(value, 0, MAGIC);
        LONGS.set(value, SESSION, session);
        LONGS.set(value, COPY_ID, copyId);
        INTS.set(value, LENGTH, length);
        INTS.set(value, CRC, crc(value));
        return value;
    }

    /**
     * Writes the page into {@code destination} if the value is that of this copy and undamaged.
     *
     * @return {@code length}, or {@link Outcome#CORRUPT} with the destination untouched
     */
    static int read(byte[] value, long session, long copyId, MemorySegment destination, int length) {
        boolean whole = value.length == HEADER + length
                && (long) LONGS.get(value, 0) == MAGIC
                && (long) LONGS.get(value, SESSION) == session
                && (long) LONGS.get(value, COPY_ID) == copyId
                && (int) INTS.get(value, LENGTH) == length
                && (int) INTS.get(value, CRC) == crc(value);
        if (!whole) {
            return Outcome.CORRUPT;
        }
        MemorySegment.copy(value, HEADER, destination, ValueLayout.JAVA_BYTE, 0, length);
        return length;
    }

    private static int crc(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value, 0, CRC);
        crc.update(value, HEADER, value.length - HEADER);
        return (int) crc.getValue();
    }
}
