package io.github.tmem.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where regions come from. Guarded by the lock of the {@link SlabSupply}. */
interface Medium extends AutoCloseable {

    /**
     * A new region; what is in it nobody knows.
     *
     * @param start where it begins among all bytes that regions have, one after the other
     * @param ahead how many bytes there may come to be from there on, {@code bytes} or more
     * @throws OutOfMemoryError if there is no such memory
     */
    MemorySegment allocate(long start, long bytes, long ahead);

    /**
     * Gives a region back. Who reads it at this moment goes on reading whatever is there, or gets an {@link IllegalStateException}.
     *
     * @param before the last region before it that is not given back, if there is one
     * @param after the first region after it that is not given back, if there is one
     */
    void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after);

    /** What there is of it on this machine, at this moment. */
    CapacityLimits limits();

    /** Gives all regions back; no region may be touched afterwards. */
    @Override
    void close();

    /** Byte arrays on the Java heap; the collector takes them when nobody refers to them any more. */
    record OnHeap() implements Medium {
        @Override
        public MemorySegment allocate(long start, long bytes, long ahead) {
            return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }

        @Override
        public void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after) {}

        @Override
        public CapacityLimits limits() {
            return CapacityLimits.ofHeap();
        }

        @Override
        public void close() {}
    }

    /** Native memory, each region with an arena of its own, for an arena gives all it has back at once. */
    final class OffHeap implements Medium {
        private final Map<Long, Arena> arenas = new HashMap<>();

        @Override
        public MemorySegment allocate(long start, long bytes, long ahead) {
            Arena arena = Arena.ofShared();
            boolean kept = false;
            try {
                MemorySegment region = arena.allocate(bytes, Geometry.ALIGNMENT);
                arenas.put(region.address(), arena);
                kept = true;
                return region;
            } finally {
                if (!kept) {
                    arenas.values().remove(arena);
                    arena.close();
                }
            }
        }

        @Override
        public void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after) {
            Arena arena = arenas.remove(region.address());
            assert arena != null : "released twice";
            arena.close();
        }

        @Override
        public CapacityLimits limits() {
            return CapacityLimits.ofMachine();
        }

        @Override
        public void close() {
            arenas.values().forEach(Arena::close);
            arenas.clear();
        }
    }
}
