package io.github.tmem.memory.slot;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Writes as Java does: the processor has the lines of a slot in its cache before it changes them, and keeps them there. */
public final class CachedWriter implements SlotWriter {
    /** The same on every machine. */
    public CachedWriter() {}

    @Override
    public void write(MemorySegment memory, long offset, int slotBytes, int owner, MemorySegment encoded, int length) {
        Objects.checkIndex(length, slotBytes + 1);
        writeEnds(memory, offset, slotBytes, owner, length);
        MemorySegment.copy(encoded, 0, memory, offset, length);
    }

    /** Writes what stands around a copy. */
    static void writeEnds(MemorySegment memory, long offset, int slotBytes, int owner, int length) {
        memory.set(OWNER, offset - OWNER.byteSize(), owner);
        if (slotBytes > length) {
            Padding.write(memory, offset + slotBytes, slotBytes - length);
        }
    }
}
