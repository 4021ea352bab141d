package io.github.tmem.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The {@link Tag}s of all slots, on the Java heap: those of a slab together, and apart from the slots, of which there are
 * gigabytes. So it takes no look at a slot, at a random place of all that memory, to free its copy or to see that it is free.
 *
 * <p>Tags are guarded as their slab is, see {@link SlabTable}; to open and close a slab, the lock of the {@link SlabSupply} and a
 * stripe have to be held, or all stripes. Whoever has a copy finds its tag without a lock; anybody else may find any.
 */
final class SlotTags {
    /** Eight tags, of which the first has the lowest bits. */
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] NONE = {};

    private static final byte[][] NO_ARRAYS = {};

    /** The bytes of an array beside its elements, and of what refers to it. */
    private static final int ARRAY_BYTES = 16;

    private static final int REFERENCE_BYTES = 4;

    /** Arrays have four lengths between a power of two and the next: few, so that the array of one slab does for another. */
    private static final int LENGTHS_BITS = 2;

    private static final int LENGTH_MIN = 8;

    /** The exponent of the power of two below it. */
    private static final int SHORTEST = 2;

    private static final int LENGTHS = (Locator.SLOT_BITS - SHORTEST) << LENGTHS_BITS;

    /**
     * As many arrays of a length may wait for a slab that is cut into as many slots. A full tier cuts slabs all the time, now into
     * smaller slots, now into larger ones. If as many slabs have had each length, seven times the tags of these slabs at their longest wait.
     */
    private static final int SPARE_MAX = 256;

    /** There is room for so many that wait, and then for twice as many. */
    private static final int SPARE_MIN = 4;

    private byte[][] ofSlabs = {};

    /** Arrays of no slab, by length, all of free slots. */
    private final byte[][][] spare = new byte[LENGTHS][][];

    private final int[] spares = new int[LENGTHS];

    /** The bytes of the arrays of slabs, of spare ones, and of what refers to these. */
    private long arrayBytes;

    private final IntFunction<byte[]> arrays;

    SlotTags() {
        this(byte[]::new);
    }

    /** With arrays from elsewhere, filled with zeros. */
    SlotTags(IntFunction<byte[]> arrays) {
        this.arrays = arrays;
        Arrays.fill(spare, NO_ARRAYS);
    }

    /** Makes room for slabs with numbers below {@code limit}, if there is less: who failed to grow may have left more. */
    void grow(int limit) {
        int from = ofSlabs.length;
        if (limit <= from) {
            return;
        }
        byte[][] longer = Arrays.copyOf(ofSlabs, limit);
        Arrays.fill(longer, from, limit, NONE);
        VarHandle.releaseFence(); // a reader finds in it whatever he found in the old one
        ofSlabs = longer;
    }

    /**
     * Makes room for so many slots of a slab that is empty: what it had, what another one had, or else new room.
     *
     * @throws OutOfMemoryError with nothing changed
     */
    void open(int slab, int slots) {
        byte[] before = ofSlabs[slab];
        int length = lengthFor(slots);
        if (before.length == length) {
            return;
        }
        prepareToKeep(before);
        int of = indexOf(length);
        if (spares[of] > 0) {
            ofSlabs[slab] = spare[of][--spares[of]];
        } else {
            byte[] tags = arrays.apply(length);
            arrayBytes += bytes(tags);
            ofSlabs[slab] = tags;
        }
        keep(before);
    }

    /** A multiple of eight that is long enough, and at most seven tags or a quarter too long. */
    private static int lengthFor(int slots) {
        int step = Math.max(Long.BYTES, Integer.highestOneBit(slots - 1) >>> LENGTHS_BITS);
        return Math.max(LENGTH_MIN, Math.ceilDiv(slots, step) * step);
    }

    /** The place of a length among {@link #LENGTHS}. */
    private static int indexOf(int length) {
        int last = length - 1;
        int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last);
        int quarter = (last >>> (power - LENGTHS_BITS)) & ((1 << LENGTHS_BITS) - 1);
        return ((power - SHORTEST) << LENGTHS_BITS) + quarter;
    }

    /** Makes room for one more array to wait, unless as many wait as may. */
    private void prepareToKeep(byte[] tags) {
        if (tags.length == 0) {
            return;
        }
        int of = indexOf(tags.length);
        int room = spare[of].length;
        if (spares[of] == room && room < SPARE_MAX) {
            int more = Math.max(SPARE_MIN, room);
            spare[of] = Arrays.copyOf(spare[of], room + more);
            arrayBytes += (long) REFERENCE_BYTES * more;
        }
    }

    private void keep(byte[] tags) {
        if (tags.length == 0) {
            return;
        }
        int of = indexOf(tags.length);
        if (spares[of] < spare[of].length) {
            spare[of][spares[of]++] = tags;
        } else {
            arrayBytes -= bytes(tags);
        }
    }

    /** Forgets an empty slab, whose memory goes. */
    void close(int slab) {
        arrayBytes -= bytes(ofSlabs[slab]);
        ofSlabs[slab] = NONE;
    }

    private static int bytes(byte[] tags) {
        return tags.length == 0 ? 0 : ARRAY_BYTES + tags.length;
    }

    /** The tag of a slot, {@link Tag#FREE} if there is no such slot. */
    int get(int slab, int slot) {
        byte[] tags = ofSlabs[slab];
        return slot < tags.length ? Byte.toUnsignedInt(tags[slot]) : Tag.FREE;
    }

    void set(int slab, int slot, int tag) {
        ofSlabs[slab][slot] = (byte) tag;
    }

    /** The first slot, from {@code from} on, that is free by its tag: there is one. */
    int firstFree(int slab, int from) {
        byte[] tags = ofSlabs[slab];
        int first = from & -Long.BYTES;
        long free = Tag.freeOf((long) EIGHT.get(tags, first)) & (-1L << ((from - first) * Byte.SIZE));
        while (free == 0) {
            first += Long.BYTES;
            free = Tag.freeOf((long) EIGHT.get(tags, first));
        }
        return first + Long.numberOfTrailingZeros(free) / Byte.SIZE;
    }

    /** The bytes of all tags and of what leads to them. */
    long bytes() {
        return arrayBytes + (long) REFERENCE_BYTES * ofSlabs.length;
    }
}
