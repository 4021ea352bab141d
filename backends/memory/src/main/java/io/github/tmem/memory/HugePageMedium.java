package io.github.tmem.memory;

import io.github.tmem.api.machine.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Native memory in huge pages. Regions are far smaller than such a page. So the first of them takes a span of addresses for those
 * to come, and each finds its place there; the first that does not takes another span. The machine gives the memory page by page
 * as it is touched. Where it refuses a span there is other native memory.
 */
final class HugePageMedium implements Medium {
    /** A span of more bytes would be charged to a machine that counts addresses ({@code vm.overcommit_memory=2}) long before use. */
    private static final long SPAN_MAX = 256L << 20;

    private final HugePages pages;
    private final long spanMax;
    private final Medium other = new OffHeap();
    private final Arena arena = Arena.ofShared();

    /** By where they start among all bytes that regions have. */
    private final TreeMap<Long, MemorySegment> spans = new TreeMap<>();

    HugePageMedium(HugePages pages) {
        this(pages, SPAN_MAX);
    }

    HugePageMedium(HugePages pages, long spanMax) {
        this.pages = pages;
        this.spanMax = spanMax;
    }

    @Override
    public MemorySegment allocate(long start, long bytes, long ahead) {
        Map.Entry<Long, MemorySegment> span = spans.floorEntry(start);
        if (span == null || start - span.getKey() + bytes > span.getValue().byteSize()) {
            MemorySegment next = pages.map(Math.max(bytes, Math.min(ahead, spanMax)), arena);
            if (next == null) {
                return other.allocate(start, bytes, ahead);
            }
            spans.put(start, next);
            return next.asSlice(0, bytes);
        }
        return span.getValue().asSlice(start - span.getKey(), bytes);
    }

    /**
     * Gives back what lies between the regions around it, too, as far as a huge page reaches: pages that a region shared with its
     * neighbours, and what came with its huge pages and was never asked for.
     */
    @Override
    public void release(MemorySegment region, @Nullable MemorySegment before, @Nullable MemorySegment after) {
        MemorySegment span = spanOf(region);
        if (span == null) {
            other.release(region, before, after);
            return;
        }
        long start = region.address() - span.address();
        long end = start + region.byteSize();
        long from = before != null && lies(before, span) ? before.address() - span.address() + before.byteSize() : 0;
        long to = after != null && lies(after, span) ? after.address() - span.address() : span.byteSize();
        pages.discard(span, Math.max(from, start - HugePages.BYTES), Math.min(to, end + HugePages.BYTES));
    }

    private @Nullable MemorySegment spanOf(MemorySegment region) {
        for (MemorySegment span : spans.values()) {
            if (lies(region, span)) {
                return span;
            }
        }
        return null;
    }

    private static boolean lies(MemorySegment region, MemorySegment span) {
        return region.address() >= span.address() && region.address() - span.address() < span.byteSize();
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
