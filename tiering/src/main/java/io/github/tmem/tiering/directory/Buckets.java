package io.github.tmem.tiering.directory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * The hash table of one shard: chains of entries under bucket heads. It grows by linear hashing (Litwin, VLDB 1980): one
 * bucket is split for every entry beyond the load, so that no put ever waits for a rehash.
 *
 * <pre>
 *   a head, from bit 0:  number of the first entry 24 | marks 8
 * </pre>
 *
 * <p>The marks are a Bloom filter (CACM 1970) of two hash functions: each entry of the bucket sets two, and one of a key's two
 * that is not set says that the key is not here. So 93 of 100 searches in vain end at the head at one entry for a bucket,
 * without a look at entries of other keys; with one mark for each entry it would be 88, with three 92.
 *
 * <p>Guarded by the shard's lock, but for {@link #glimpseFirst} and {@link #lacks}.
 */
final class Buckets {
    private static final Chunking CHUNKING = new Chunking(10, 13, 13);
    private static final int FIRST_LEVEL = 8;
    private static final VarHandle HEAD = JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();
    private static final VarHandle DEPARTURES = departures();
    private static final int MARKS_SHIFT = EntryDescriptor.LINK_BITS;

    /** A head that was not seen: all marks and no entry, which no head is. */
    private static final int UNSEEN = -1 << MARKS_SHIFT;

    /** An entry farther down its bucket is not seen without the lock. */
    static final int GLIMPSES_MAX = 8;

    private static final int MARKS = 8;

    /** Of a hash, what chooses its two marks: three bits, and eight beside them, of those that choose no bucket. */
    private static final int FIRST_MARK_SHIFT = Long.SIZE - 3;

    private static final int SECOND_MARK_BITS = 8;
    private static final int SECOND_MARK_SHIFT = FIRST_MARK_SHIFT - SECOND_MARK_BITS;

    private final EntryTable entries;
    private final IntToLongFunction hashOf;
    private final Arena arena;
    private MemorySegment[] heads = new MemorySegment[1];
    private int chunks;

    /** Buckets 0 to {@code split - 1} have been split at this level. */
    private int level = FIRST_LEVEL;

    private int split;
    private int size;

    /** Odd while entries leave a bucket, for another one or for good. */
    private volatile int departures;

    private static VarHandle departures() {
        try {
            return MethodHandles.lookup().findVarHandle(Buckets.class, "departures", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * An empty table.
     *
     * @param hashOf the hash of a linked entry's key
     */
    Buckets(EntryTable entries, IntToLongFunction hashOf, Arena arena) {
        this.entries = entries;
        this.hashOf = hashOf;
        this.arena = arena;
        addChunk();
    }

    /**
     * The first entry of the chain that has the entries of this hash; continue with {@link #next}. None if the marks say that
     * there is no such entry: then no line of another key's has to come from memory.
     */
    int first(long hash) {
        return marked(head(bucket(hash)), hash);
    }

    /** The entry after one that is passed by. */
    int next(int entry) {
        assert entries.visits().note();
        return entries.hashNext(entry);
    }

    /** As {@link #first}, without the lock: the entry may be anything, also no entry at all. */
    int glimpseFirst(long hash) {
        int head = glimpse(hash);
        return head == UNSEEN ? EntryTable.NONE : marked(head, hash);
    }

    /** Asks, without the lock, for the memory of the entry that {@link #glimpseFirst} would return. */
    void prefetch(long hash) {
        int entry = glimpseFirst(hash);
        if (entries.owns(entry)) {
            entries.prefetch(entry);
        }
    }

    private int marked(int head, long hash) {
        return hasMarks(head, hash) ? entries.entryOf(head) : EntryTable.NONE;
    }

    /**
     * Without the lock: whether at a moment during this call no entry of this key was here. What nobody has left meanwhile
     * was, from its head to its end, as it was when the head was read: whoever comes is put before that, and no entry serves
     * another key before it has left.
     *
     * @param hash the key's
     * @return false also if that cannot be told
     */
    boolean lacks(long hash, int object, long index) {
        int before = departures;
        int head = glimpse(hash);
        boolean lacks =
                head != UNSEEN && (!hasMarks(head, hash) || glimpsesOnlyOthers(entries.entryOf(head), object, index));
        VarHandle.acquireFence(); // whatever the head was found by was read before, and the chain
        return lacks && (before & 1) == 0 && departures == before;
    }

    private boolean glimpsesOnlyOthers(int first, int object, long index) {
        int entry = first;
        for (int steps = 0; entry != EntryTable.NONE; steps++) {
            if (steps == GLIMPSES_MAX || !entries.owns(entry) || entries.isOf(entry, object, index)) {
                return false;
            }
            entry = entries.hashNext(entry);
        }
        return true;
    }

    private int glimpse(long hash) {
        int bucket = bucket(hash);
        MemorySegment[] seen = heads;
        int number = CHUNKING.chunkOf(bucket);
        MemorySegment chunk = number < seen.length ? seen[number] : null;
        return chunk == null ? UNSEEN : (int) HEAD.getAcquire(chunk, at(bucket));
    }

    private static boolean hasMarks(int head, long hash) {
        int marks = marks(hash);
        return (head & marks) == marks;
    }

    /** Two marks that differ, each pair of them as likely as any. */
    private static int marks(long hash) {
        int first = (int) (hash >>> FIRST_MARK_SHIFT);
        int chosen = (int) (hash >>> SECOND_MARK_SHIFT) & ((1 << SECOND_MARK_BITS) - 1);
        int second = (first + 1 + ((chosen * (MARKS - 1)) >>> SECOND_MARK_BITS)) % MARKS;
        return ((1 << first) | (1 << second)) << MARKS_SHIFT;
    }

    /** Takes the memory that one more entry needs. */
    void makeRoom() {
        if (size >= bucketCount()) {
            splitNext();
        }
    }

    /** Adds an entry for which {@link #makeRoom} has been called. */
    void add(int entry, long hash) {
        addTo(bucket(hash), entry, hash);
        size++;
    }

    private void addTo(int bucket, int entry, long hash) {
        int head = head(bucket);
        entries.hashNext(entry, entries.entryOf(head));
        head(bucket, entry, head | marks(hash));
    }

    void remove(int entry, long hash) {
        int bucket = bucket(hash);
        int head = head(bucket);
        int at = entries.entryOf(head);
        int after = entries.hashNext(entry);
        beginDeparture();
        if (at == entry) {
            head(bucket, after, after == EntryTable.NONE ? 0 : head);
        } else {
            int marks = marksOf(at);
            while (entries.hashNext(at) != entry) {
                at = next(at);
                assert at != EntryTable.NONE : "entry " + entry + " is not in its bucket";
                marks |= marksOf(at);
            }
            entries.hashNext(at, after);
            if (after == EntryTable.NONE) { // else it may leave a mark that no entry has
                head(bucket, entries.entryOf(head), marks);
            }
        }
        endDeparture();
        size--;
    }

    private int marksOf(int entry) {
        return marks(hashOf.applyAsLong(entry));
    }

    int size() {
        return size;
    }

    int bucketCount() {
        return (1 << level) + split;
    }

    int firstOf(int bucket) {
        return entries.entryOf(head(bucket));
    }

    /** Whether the marks of a bucket have both of a hash. */
    boolean isMarked(int bucket, long hash) {
        return hasMarks(head(bucket), hash);
    }

    /** The first entry of the chain of the hashes whose reversed lower 32 bits these are. */
    int firstReversed(int reversed) {
        return firstOf(bucket(Integer.toUnsignedLong(Integer.reverse(reversed))));
    }

    /**
     * In the order of hashes by their lower 32 bits, the last of them first: where the next bucket begins after that of a
     * hash. A bucket is a stretch in that order, also after the table has grown, for buckets are split in it.
     *
     * @param reversed the reversed lower 32 bits of a hash
     * @return the reversed lower 32 bits of the next hash, or 2<sup>32</sup> after the last bucket
     */
    long after(int reversed) {
        int low = Integer.reverse(reversed) & ((1 << level) - 1);
        int bits = low < split ? level + 1 : level;
        long width = 1L << (Integer.SIZE - bits);
        return (Integer.toUnsignedLong(reversed) & -width) + width;
    }

    int bucket(long hash) {
        int bucket = (int) hash & ((1 << level) - 1);
        return bucket < split ? (int) hash & ((2 << level) - 1) : bucket;
    }

    long bytes() {
        return (long) CHUNKING.placesIn(chunks) * EntryDescriptor.HEAD_BYTES;
    }

    private void splitNext() {
        int from = split;
        int to = (1 << level) + split;
        if (CHUNKING.chunkOf(to) == chunks) {
            addChunk();
        }
        beginDeparture();
        split++;
        if (split == 1 << level) {
            level++;
            split = 0;
        }
        int entry = firstOf(from);
        head(from, EntryTable.NONE, 0);
        while (entry != EntryTable.NONE) {
            int next = next(entry);
            long hash = hashOf.applyAsLong(entry);
            int bucket = bucket(hash);
            assert bucket == from || bucket == to;
            addTo(bucket, entry, hash);
            entry = next;
        }
        endDeparture();
    }

    private void beginDeparture() {
        DEPARTURES.setOpaque(this, departures + 1); // nobody else writes it
        VarHandle.storeStoreFence(); // who sees anything of what follows sees that, too
    }

    private void endDeparture() {
        DEPARTURES.setRelease(this, departures + 1);
    }

    /** Leaves all as it was when there is no memory for it. */
    private void addChunk() {
        if (chunks == heads.length) {
            heads = Arrays.copyOf(heads, chunks * 2);
        }
        long bytes = (long) CHUNKING.places(chunks) * EntryDescriptor.HEAD_BYTES;
        heads[chunks] = arena.allocate(bytes, EntryDescriptor.HEAD_BYTES);
        chunks++;
    }

    private int head(int bucket) {
        return (int) HEAD.get(heads[CHUNKING.chunkOf(bucket)], at(bucket));
    }

    /** Writes a head in one piece, after the entry it names. */
    private void head(int bucket, int entry, int marks) {
        int head = (marks & -1 << MARKS_SHIFT) | (entry & EntryTable.NUMBER_MASK);
        HEAD.setRelease(heads[CHUNKING.chunkOf(bucket)], at(bucket), head);
    }

    private static long at(int bucket) {
        return (long) CHUNKING.offsetOf(bucket) * EntryDescriptor.HEAD_BYTES;
    }
}
