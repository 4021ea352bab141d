package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Values of any length that their version gives, and what gets of them deliver. */
final class Values {
    /** In the place of a value: there is none. */
    static final byte[] NONE = {'n', 'o', 'n', 'e'};

    private static final byte UNTOUCHED = 0x5a;

    private Values() {}

    /** Every other version is text, which would compress well. */
    static byte[] make(long version, int length) {
        byte[] value = new byte[length];
        new SplittableRandom(version).nextBytes(value);
        if (version % 2 == 0) {
            for (int i = 16; i < length; i++) {
                value[i] = value[i % 16];
            }
        }
        return value;
    }

    static PutResult put(BlobPool pool, ObjectId object, long index, byte[] value, PageKind kind) {
        return pool.put(object, index, MemorySegment.ofArray(value), kind);
    }

    /** What a get delivers, or {@link #NONE}; the rest of the destination, and all of it on a miss, must be as it was. */
    static byte[] get(BlobPool pool, ObjectId object, long index) {
        byte[] destination = destination();
        return delivered(destination, pool.get(object, index, MemorySegment.ofArray(destination)));
    }

    /** What a take delivers, or {@link #NONE}. */
    static byte[] take(BlobPool pool, ObjectId object, long index) {
        byte[] destination = destination();
        return delivered(destination, pool.take(object, index, MemorySegment.ofArray(destination)));
    }

    private static byte[] destination() {
        byte[] destination = new byte[BlobPool.LENGTH_MAX + 8];
        Arrays.fill(destination, UNTOUCHED);
        return destination;
    }

    private static byte[] delivered(byte[] destination, int length) {
        byte[] untouched = destination();
        int from = Math.max(0, length);
        assertThat(Arrays.mismatch(destination, from, destination.length, untouched, from, destination.length))
                .as("the first byte behind the value of %d that was touched", length)
                .isEqualTo(-1);
        return length < 0 ? NONE : Arrays.copyOf(destination, length);
    }
}
