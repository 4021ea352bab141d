package io.github.tmem.tiering.directory;

import static io.github.tmem.tiering.directory.EntryDescriptor.BYTES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.tmem.api.machine.Prefetch;
import io.github.tmem.tiering.policy.Standing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entries of one shard, off the heap; memory is taken in chunks as their number grows and kept.
 *
 * <pre>
 *   31  30        24 23                   0
 *   | 0 | shard (7)  | number from 1 (24)   |     an entry; 0 is none
 * </pre>
 *
 * <p>Entries point only at others of their shard, so that a link is the number alone: 3 bytes.
 *
 * <p>{@link #take} and {@link #give} are thread-safe. The fields of an entry belong to whoever took it, and from the
 * moment it is linked into a {@link Shard} to the holder of that shard's lock; but for the credit, which anybody may write who
 * delivers the page.
 */
final class EntryTable {
    /** No entry. */
    static final int NONE = 0;

    /** In a link: this entry stands in no list. No entry has this number. */
    static final int NOWHERE = (1 << EntryDescriptor.LINK_BITS) - 1;

    /** The most entries of one shard. */
    static final int ENTRIES_MAX = NOWHERE - 1;

    /** The bits of an entry that are its number in the shard. */
    static final int NUMBER_MASK = NOWHERE;

    /** Large chunks are a quarter of what comes before them at most: no table has a quarter more places than it wants. */
    private static final Chunking CHUNKING = new Chunking(8, 11, 13);

    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private final int base;
    private final Visits visits;
    private final SegmentAllocator memory;
    private final AtomicInteger highest = new AtomicInteger();
    private volatile MemorySegment[] chunks = new MemorySegment[1];

    /** Chunks below this number are there. */
    private volatile int chunksOpened;

    /** Guarded by the shard's lock. */
    private int successors;

    /** The free list: in the upper half a count of changes against ABA, in the lower the first entry. */
    private final AtomicLong free = new AtomicLong();

    EntryTable(int shard, SegmentAllocator memory) {
        this(shard, memory, new Visits());
    }

    /**
     * An empty table.
     *
     * @param memory where its chunks come from, filled with zeros; any thread may use them
     */
    EntryTable(int shard, SegmentAllocator memory, Visits visits) {
        base = shard << EntryDescriptor.LINK_BITS;
        this.memory = memory;
        this.visits = visits;
    }

    /** What the holder of the shard's lock passes by. */
    Visits visits() {
        return visits;
    }

    /** The shard of an entry. */
    static int shardOf(int entry) {
        return entry >>> EntryDescriptor.LINK_BITS;
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
            if (taken == ENTRIES_MAX) {
                return (int) free.get() == NONE ? NONE : take();
            }
            ensureChunk(CHUNKING.chunkOf(taken + 1)); // first, for it may fail
            if (highest.compareAndSet(taken, taken + 1)) {
                return base | (taken + 1);
            }
        }
    }

    private void ensureChunk(int chunk) {
        if (chunk >= chunksOpened) {
            openChunk(chunk);
        }
    }

    private synchronized void openChunk(int chunk) {
        if (chunk >= chunksOpened) {
            if (chunk == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunk);
            }
            // the last link is read with the byte after it
            chunks[chunk] = memory.allocate((long) CHUNKING.places(chunk) * BYTES + 1);
            chunksOpened = chunk + 1;
        }
    }

    /** Puts an entry back that is linked nowhere. */
    void give(int entry) {
        assert owns(entry) : entry;
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

    /** Sets the stamp of an entry whose page was in another entry before, if that is not none. The shard's lock is held. */
    void link(int entry, long stamp, int older) {
        successors += older == NONE ? 0 : 1;
        stamp(entry, stamp);
    }

    /** How often the page of a key went from one entry to another. The shard's lock is held. */
    int successors() {
        return successors;
    }

    /** Whether the entry has ever been taken from this table. */
    boolean owns(int entry) {
        int number = entry & NUMBER_MASK;
        return entry - number == base && number != NONE && number <= highest.get();
    }

    long bytes() {
        return (long) CHUNKING.placesIn(chunksOpened) * BYTES;
    }

    private long getLong(int entry, int field) {
        return chunk(entry).get(LONG, at(entry) + field);
    }

    private void setLong(int entry, int field, long value) {
        chunk(entry).set(LONG, at(entry) + field, value);
    }

    private int getInt(int entry, int field) {
        return chunk(entry).get(INT, at(entry) + field);
    }

    private void setInt(int entry, int field, int value) {
        chunk(entry).set(INT, at(entry) + field, value);
    }

    /** Asks for what a look at an entry reads, whoever has it by now. */
    void prefetch(int entry) {
        Prefetch.of(chunk(entry), at(entry), BYTES);
    }

    private MemorySegment chunk(int entry) {
        return chunks[CHUNKING.chunkOf(entry & NUMBER_MASK)];
    }

    private static long at(int entry) {
        return (long) CHUNKING.offsetOf(entry & NUMBER_MASK) * BYTES;
    }

    private int getLink(int entry, int field) {
        return entryOf(getInt(entry, field)); // with the byte after it
    }

    private void setLink(int entry, int field, int target) {
        MemorySegment memory = chunk(entry);
        long at = at(entry) + field;
        memory.set(SHORT, at, (short) target);
        memory.set(JAVA_BYTE, at + Short.BYTES, (byte) (target >>> Short.SIZE));
    }

    /** The entry whose number the lower bits are, or {@link #NONE} or {@link #NOWHERE}. */
    int entryOf(int bits) {
        int number = bits & NUMBER_MASK;
        return number == NONE || number == NOWHERE ? number : base | number;
    }

    long index(int entry) {
        return getLong(entry, EntryDescriptor.INDEX);
    }

    long stamp(int entry) {
        return getLong(entry, EntryDescriptor.STAMP) & EntryDescriptor.STAMP_MASK;
    }

    /** Sets the stamp, after all that was set before: whoever glimpses the stamp without the lock sees that too. */
    void stamp(int entry, long stamp) {
        VarHandle.releaseFence();
        setStamp(entry, stamp);
    }

    /** Takes the stamp away before the place changes: whoever glimpses any of the new place finds the stamp gone. */
    void clearStamp(int entry) {
        setStamp(entry, 0);
        VarHandle.releaseFence();
    }

    /** Writes the credit as it was at this moment back with the stamp: a hit noted in between may be forgotten. */
    private void setStamp(int entry, long stamp) {
        assert (stamp & ~EntryDescriptor.STAMP_MASK) == 0 : stamp;
        setLong(entry, EntryDescriptor.STAMP, (long) credit(entry) << EntryDescriptor.STAMP_BITS | stamp);
    }

    int credit(int entry) {
        return chunk(entry).get(JAVA_BYTE, at(entry) + EntryDescriptor.CREDIT);
    }

    /** Sets the credit. Needs no lock: if the entry goes to another page at this moment, that page may have this credit. */
    void credit(int entry, int credit) {
        chunk(entry).set(JAVA_BYTE, at(entry) + EntryDescriptor.CREDIT, (byte) credit);
    }

    /** What the entry remembers of its page's past: a {@link Standing}. */
    int standing(int entry) {
        return EntryDescriptor.standing(meta(entry), credit(entry));
    }

    void standing(int entry, int standing) {
        meta(entry, EntryDescriptor.withStanding(meta(entry), standing));
        credit(entry, Standing.credit(standing));
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

    /** Whether the entry is about this page. */
    boolean isOf(int entry, int object, long index) {
        return index(entry) == index && object(entry) == object;
    }

    /** Names the page an entry is about. */
    void key(int entry, int object, long index) {
        setLong(entry, EntryDescriptor.INDEX, index);
        setInt(entry, EntryDescriptor.OBJECT, object);
    }

    /** Says where the page is and how to read it; its credit stays. */
    void place(int entry, long locator, int crc, int meta) {
        setLong(entry, EntryDescriptor.LOCATOR, locator);
        setInt(entry, EntryDescriptor.CRC, crc);
        setInt(entry, EntryDescriptor.META, meta);
    }

    int hashNext(int entry) {
        return getLink(entry, EntryDescriptor.HASH_NEXT);
    }

    void hashNext(int entry, int next) {
        setLink(entry, EntryDescriptor.HASH_NEXT, next);
    }

    int queuePrevious(int entry) {
        return getLink(entry, EntryDescriptor.QUEUE_PREVIOUS);
    }

    void queuePrevious(int entry, int previous) {
        setLink(entry, EntryDescriptor.QUEUE_PREVIOUS, previous);
    }

    int queueNext(int entry) {
        return getLink(entry, EntryDescriptor.QUEUE_NEXT);
    }

    void queueNext(int entry, int next) {
        setLink(entry, EntryDescriptor.QUEUE_NEXT, next);
    }

    int objectPrevious(int entry) {
        return getLink(entry, EntryDescriptor.OBJECT_PREVIOUS);
    }

    void objectPrevious(int entry, int previous) {
        setLink(entry, EntryDescriptor.OBJECT_PREVIOUS, previous);
    }

    int objectNext(int entry) {
        return getLink(entry, EntryDescriptor.OBJECT_NEXT);
    }

    void objectNext(int entry, int next) {
        setLink(entry, EntryDescriptor.OBJECT_NEXT, next);
    }
}
