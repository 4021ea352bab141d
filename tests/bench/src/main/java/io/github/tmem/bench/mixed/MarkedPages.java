package io.github.tmem.bench.mixed;

import io.github.tmem.bench.work.PageSet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Real pages that begin with the slot and the generation they are of. Thread-safe. */
final class MarkedPages {
    /** Of a page that is not what it was when it was put. */
    static final long DAMAGED = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int GENERATION_AT = Long.BYTES;
    private static final int MARK_BYTES = 2 * Long.BYTES;

    private final byte[][] pages;

    MarkedPages(PageSet set) {
        pages = set.toArray();
    }

    private byte[] original(long slot, long generation) {
        return pages[(int) Math.floorMod(slot + generation, (long) pages.length)];
    }

    /** Makes {@code page} the one of this slot and generation. */
    void fill(byte[] page, long slot, long generation) {
        System.arraycopy(original(slot, generation), 0, page, 0, page.length);
        LONG.set(page, 0, slot);
        LONG.set(page, GENERATION_AT, generation);
    }

    /** The generation of a page that should be of this slot, or {@link #DAMAGED} if it is another's or a byte is wrong. */
    long generationOf(byte[] page, long slot) {
        long generation = (long) LONG.get(page, GENERATION_AT);
        byte[] original = original(slot, generation);
        boolean whole = (long) LONG.get(page, 0) == slot
                && Arrays.equals(page, MARK_BYTES, page.length, original, MARK_BYTES, original.length);
        return whole ? generation : DAMAGED;
    }
}
