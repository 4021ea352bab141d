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

    /** The bytes of an array beside its elements, and of what refers to it. */
    private static final int ARRAY_BYTES = 16;

    private static final int REFERENCE_BYTES = 4;

    /**
     * As many arrays may wait for a slab that is cut into as many slots. A full tier cuts slabs all the time, now into smaller
     * slots, now into larger ones.
     */
    private static final int SPARE_MAX = 128;

    private byte[][] ofSlabs = {};

    /** Arrays of no slab, all of free slots. */
    private final byte[][] spare = new byte[SPARE_MAX][];

    /** Which spare array goes for another one next. */
    private int oldestSpare;

    /** The bytes of the arrays of slabs, and of spare ones. */
    private long arrayBytes;

    private final IntFunction<byte[]> arrays;

    SlotTags() {
        this(byte[]::new);
    }

    /** With arrays from elsewhere, filled with zeros. */
    SlotTags(IntFunction<byte[]> arrays) {
        this.arrays = arrays;
        Arrays.fill(spare, NONE);
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

    /** Makes room for so many slots of a slab that is empty: what it had, what another one had, or else new room. */
    void open(int slab, int slots) {
        byte[] before = ofSlabs[slab];
        if (fits(before, slots)) {
            return;
        }
        for (int i = 0; i < SPARE_MAX; i++) {
            if (fits(spare[i], slots)) {
                ofSlabs[slab] = spare[i];
                spare[i] = before;
                return;
            }
        }
        byte[] tags = arrays.apply(Math.ceilDiv(slots, Long.BYTES) * Long.BYTES);
        arrayBytes += bytes(tags);
        ofSlabs[slab] = tags;
        keep(before);
    }

    /** Whether an array is long enough, and not far too long. */
    private static boolean fits(byte[] tags, int slots) {
        return tags.length >= slots && tags.length <= 2 * Math.max(Long.BYTES, slots);
    }

    private void keep(byte[] tags) {
        if (tags.length > 0) {
            arrayBytes -= bytes(spare[oldestSpare]);
            spare[oldestSpare] = tags;
            oldestSpare = (oldestSpare + 1) % SPARE_MAX;
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
        return arrayBytes + (long) REFERENCE_BYTES * (ofSlabs.length + SPARE_MAX);
    }
}
