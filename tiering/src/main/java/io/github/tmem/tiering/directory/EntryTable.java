package io.github.tmem.tiering.directory;

import static io.github.tmem.tiering.directory.EntryDescriptor.BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entries of a directory, off the heap, numbered from 1; memory is taken in chunks as their number grows and kept.
 *
 * <p>{@link #take} and {@link #give} are thread-safe. The fields of an entry belong to whoever took it, and from the
 * moment it is linked into a {@link Shard} to the holder of that shard's lock.
 */
final class EntryTable implements AutoCloseable {
    /** No entry. */
    static final int NONE = 0;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] chunks;
    private final int entriesMax;
    private final AtomicInteger highest = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Chunks below this number are there. */
    private volatile int chunksOpened;

    /** The free list: in the upper half a count of changes against ABA, in the lower the first entry. */
    private final AtomicLong free = new AtomicLong();

    EntryTable(int entriesMax) {
        this.entriesMax = entriesMax;
        chunks = new MemorySegment[(entriesMax >>> CHUNK_BITS) + 1];
    }

    /** Takes an entry out of the table, or returns {@link #NONE} when all are taken. */
    int take() {
        while (true) {
            long head = free.get();
            int first = (int) head;
            if (first == NONE) {
                return takeNew();
            }
            long next = nextChange(head) | hashNext(first);
            if (free.compareAndSet(head, next)) {
                return first;
            }
        }
    }

    private int takeNew() {
        while (true) {
            int taken = highest.get();
            if (taken == entriesMax) {
                return (int) free.get() == NONE ? NONE : take();
            }
            ensureChunk((taken + 1) >>> CHUNK_BITS); // first, for it may fail
            if (highest.compareAndSet(taken, taken + 1)) {
                return taken + 1;
            }
        }
    }

    private void ensureChunk(int chunk) {
        if (chunksOpened > chunk) {
            return;
        }
        synchronized (chunks) {
            if (chunks[chunk] == null) {
                int entries = Math.min(CHUNK_ENTRIES, entriesMax + 1 - (chunk << CHUNK_BITS));
                chunks[chunk] = arena.allocate((long) entries * BYTES, Long.BYTES);
                bytes.addAndGet((long) entries * BYTES);
                chunksOpened = chunk + 1;
            }
        }
    }

    /** Puts an entry back that is linked nowhere. */
    void give(int entry) {
        assert entry > 0 && entry <= highest.get() : entry;
        while (true) {
            long head = free.get();
            hashNext(entry, (int) head);
            if (free.compareAndSet(head, nextChange(head) | entry)) {
                return;
            }
        }
    }

    private static long nextChange(long head) {
        return ((head >>> 32) + 1) << 32;
    }

    int entriesMax() {
        return entriesMax;
    }

    long bytes() {
        return bytes.get();
    }

    private long getLong(int entry, int field) {
        return chunks[entry >>> CHUNK_BITS].get(ValueLayout.JAVA_LONG, at(entry) + field);
    }

    private void setLong(int entry, int field, long value) {
        chunks[entry >>> CHUNK_BITS].set(ValueLayout.JAVA_LONG, at(entry) + field, value);
    }

    private int getInt(int entry, int field) {
        return chunks[entry >>> CHUNK_BITS].get(ValueLayout.JAVA_INT, at(entry) + field);
    }

    private void setInt(int entry, int field, int value) {
        chunks[entry >>> CHUNK_BITS].set(ValueLayout.JAVA_INT, at(entry) + field, value);
    }

    private static long at(int entry) {
        return (long) (entry & (CHUNK_ENTRIES - 1)) * BYTES;
    }

    long index(int entry) {
        return getLong(entry, EntryDescriptor.INDEX);
    }

    long stamp(int entry) {
        return getLong(entry, EntryDescriptor.STAMP);
    }

    void stamp(int entry, long stamp) {
        setLong(entry, EntryDescriptor.STAMP, stamp);
    }

    long locator(int entry) {
        return getLong(entry, EntryDescriptor.LOCATOR);
    }

    int crc(int entry) {
        return getInt(entry, EntryDescriptor.CRC);
    }

    int meta(int entry) {
        return getInt(entry, EntryDescriptor.META);
    }

    void meta(int entry, int meta) {
        setInt(entry, EntryDescriptor.META, meta);
    }

    int object(int entry) {
        return getInt(entry, EntryDescriptor.OBJECT);
    }

    /** Names the page an entry is about. */
    void key(int entry, int object, long index, long stamp) {
        setLong(entry, EntryDescriptor.INDEX, index);
        setLong(entry, EntryDescriptor.STAMP, stamp);
        setInt(entry, EntryDescriptor.OBJECT, object);
    }

    /** Says where the page is and how to read it. */
    void place(int entry, long locator, int crc, int meta) {
        setLong(entry, EntryDescriptor.LOCATOR, locator);
        setInt(entry, EntryDescriptor.CRC, crc);
        setInt(entry, EntryDescriptor.META, meta);
    }

    int hashNext(int entry) {
        return getInt(entry, EntryDescriptor.HASH_NEXT);
    }

    void hashNext(int entry, int next) {
        setInt(entry, EntryDescriptor.HASH_NEXT, next);
    }

    int queuePrevious(int entry) {
        return getInt(entry, EntryDescriptor.QUEUE_PREVIOUS);
    }

    void queuePrevious(int entry, int previous) {
        setInt(entry, EntryDescriptor.QUEUE_PREVIOUS, previous);
    }

    int queueNext(int entry) {
        return getInt(entry, EntryDescriptor.QUEUE_NEXT);
    }

    void queueNext(int entry, int next) {
        setInt(entry, EntryDescriptor.QUEUE_NEXT, next);
    }

    int objectPrevious(int entry) {
        return getInt(entry, EntryDescriptor.OBJECT_PREVIOUS);
    }

    void objectPrevious(int entry, int previous) {
        setInt(entry, EntryDescriptor.OBJECT_PREVIOUS, previous);
    }

    int objectNext(int entry) {
        return getInt(entry, EntryDescriptor.OBJECT_NEXT);
    }

    void objectNext(int entry, int next) {
        setInt(entry, EntryDescriptor.OBJECT_NEXT, next);
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        arena.close();
    }
}
