package io.github.tmem.memory.slot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A way to write a copy into a slot. Thread-safe. */
public interface SlotWriter {
    /** How the owner lies in front of a slot. */
    ValueLayout.OfInt OWNER = ValueLayout.JAVA_INT_UNALIGNED;

    /**
     * Tiers of fewer bytes lie in the caches of a processor for the most part. Their slots are best left there, and their pages
     * remembered: small ones will do.
     */
    long LARGE_TIER_MIN = 16 << 20;

    /**
     * The way for a tier opened with a capacity of so many bytes: past the caches if the tier is large and the machine can
     * do it.
     */
    static SlotWriter forTierOf(long capacityBytes) {
        return capacityBytes < LARGE_TIER_MIN
                ? new CachedWriter()
                : StreamingWriter.ofThisMachine().orElseGet(CachedWriter::new);
    }

    /**
     * Writes an owner in front of a slot, a copy into it, and its {@link Padding} if it leaves some of the slot. Owner and padding are
     * there also if the copy cannot be read. Whoever sees what this thread releases later, as Java has it, sees all of it.
     *
     * @param memory holds the slot and its owner; open, and reachable, until this returns
     * @param offset where the slot begins in it, in bytes
     * @param slotBytes a multiple of 4
     * @param encoded begins with the copy
     * @param length of the copy in bytes, 1 to {@code slotBytes}
     * @throws IndexOutOfBoundsException if one of the two segments, or the slot, is shorter than that
     */
    void write(MemorySegment memory, long offset, int slotBytes, int owner, MemorySegment encoded, int length);
}
