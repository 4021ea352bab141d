package io.github.tmem.tiering.directory;

import io.github.tmem.api.spi.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all entries, taken piece by piece as their tables grow, and kept. Entries are visited in no order; so what a large
 * directory takes lies in huge pages, if there are any.
 *
 * <p>Thread-safe. A page is touched here, where nobody holds a lock that operations want.
 */
final class EntryMemory implements SegmentAllocator, AutoCloseable {
    /** What is taken first has small pages: the places of so few are in the processor's cache. */
    private static final long SMALL_PAGES_BYTES = 16 << 20;

    private static final long SPAN_BYTES = 32 << 20;

    private final Arena arena = Arena.ofShared();
    private final @Nullable HugePages pages;
    private long smallBytes;
    private MemorySegment span = MemorySegment.NULL;
    private long spanUsed;

    EntryMemory() {
        this(HugePages.ofThisMachine().orElse(null));
    }

    EntryMemory(@Nullable HugePages pages) {
        this.pages = pages;
    }

    /** A piece filled with zeros; {@code bytes} far below those of a span. */
    @Override
    public synchronized MemorySegment allocate(long bytes, long alignment) {
        if (pages == null || smallBytes < SMALL_PAGES_BYTES || !isInSpan(pages, bytes, alignment)) {
            smallBytes += bytes;
            return arena.allocate(bytes, alignment);
        }
        long from = aligned(spanUsed, alignment);
        spanUsed = from + bytes;
        return span.asSlice(from, bytes).fill((byte) 0);
    }

    private static long aligned(long offset, long alignment) {
        return Math.ceilDiv(offset, alignment) * alignment;
    }

    /** Whether a span has the room; takes another one if the last has not. */
    private boolean isInSpan(HugePages pages, long bytes, long alignment) {
        if (aligned(spanUsed, alignment) + bytes > span.byteSize()) {
            MemorySegment next = pages.map(SPAN_BYTES, arena);
            if (next == null) {
                return false;
            }
            span = next;
            spanUsed = 0;
        }
        return true;
    }

    /** Gives all of it back. */
    @Override
    public void close() {
        arena.close();
    }
}
