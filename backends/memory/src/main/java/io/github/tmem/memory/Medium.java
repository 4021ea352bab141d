package io.github.tmem.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where regions come from. */
interface Medium extends AutoCloseable {

    /**
     * A new region, filled with zeros.
     *
     * @throws OutOfMemoryError if there is no such memory
     */
    MemorySegment allocate(long bytes);

    /** Gives all regions back; no region may be touched afterwards. */
    @Override
    void close();

    /** Byte arrays on the Java heap; the collector takes them when nobody refers to the backend any more. */
    record OnHeap() implements Medium {
        @Override
        public MemorySegment allocate(long bytes) {
            return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }

        @Override
        public void close() {}
    }

    /** Native memory of one arena. */
    record OffHeap(Arena arena) implements Medium {
        @Override
        public MemorySegment allocate(long bytes) {
            return arena.allocate(bytes, Geometry.ALIGNMENT);
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
