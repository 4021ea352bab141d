package io.github.tmem.tiering.directory;

import io.github.tmem.api.machine.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of a directory, taken piece by piece as its tables grow, and kept. Pieces for entries are allocated here: they
 * are visited in no order, and so those of a large directory lie in huge pages, if there are any. Each is touched at once, for
 * entries are taken where nobody holds a lock that operations want.
 *
 * <p>Thread-safe.
 */
final class DirectoryMemory implements SegmentAllocator, AutoCloseable {
    /** What is taken first has small pages: the places of so few are in the processor's cache. */
    private static final long SMALL_PAGES_BYTES = 16 << 20;

    private static final long SPAN_BYTES = 32 << 20;

    private final Arena arena = Arena.ofShared();
    private final @Nullable HugePages pages;
    private long smallBytes;
    private MemorySegment span = MemorySegment.NULL;
    private long spanUsed;

    DirectoryMemory() {
        this(HugePages.ofThisMachine().orElse(null));
    }

    DirectoryMemory(@Nullable HugePages pages) {
        this.pages = pages;
    }

    /** Memory in small pages, for what is taken while a shard's lock is held: nobody waits there until a huge page is zeroed. */
    Arena smallPages() {
        return arena;
    }

    /** A piece for entries, filled with zeros; {@code bytes} far below those of a span. */
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
