package io.github.tmem.memory;

import io.github.tmem.api.spi.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/**
 * Native memory in huge pages. Regions are far smaller than such a page. So the first of them takes a span of addresses for all
 * that the capacity allows, and each finds its place there; a tier that grows beyond takes another span. The machine gives the
 * memory page by page as it is touched.
 *
 * <p>Where the machine refuses a span, and for a region that only in part lies in one, there is other native memory.
 */
final class HugePageMedium implements Medium {
    private final HugePages pages;
    private final Medium other = new OffHeap();
    private final Arena arena = Arena.ofShared();

    /** By where they start among all bytes that regions have. */
    private final TreeMap<Long, MemorySegment> spans = new TreeMap<>();

    HugePageMedium(HugePages pages) {
        this.pages = pages;
    }

    @Override
    public MemorySegment allocate(long start, long bytes, long ahead) {
        Map.Entry<Long, MemorySegment> before = spans.floorEntry(start);
        if (before == null || start - before.getKey() >= before.getValue().byteSize()) {
            MemorySegment span = pages.map(ahead, arena);
            if (span == null) {
                return other.allocate(start, bytes, ahead);
            }
            spans.put(start, span);
            return span.asSlice(0, bytes);
        }
        long offset = start - before.getKey();
        boolean fits = bytes <= before.getValue().byteSize() - offset;
        return fits ? before.getValue().asSlice(offset, bytes) : other.allocate(start, bytes, ahead);
    }

    @Override
    public void release(MemorySegment region) {
        if (region.scope().equals(arena.scope())) {
            pages.discard(region);
        } else {
            other.release(region);
        }
    }

    @Override
    public CapacityLimits limits() {
        return CapacityLimits.ofMachine();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        spans.clear();
        other.close();
    }
}
