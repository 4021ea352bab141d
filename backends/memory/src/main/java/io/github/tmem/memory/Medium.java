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
        /** Keeps slots of 4 KiB on one page of the machine each. */
        private static final long ALIGNMENT = 4096;

        @Override
        public MemorySegment allocate(long bytes) {
            return arena.allocate(bytes, ALIGNMENT);
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
