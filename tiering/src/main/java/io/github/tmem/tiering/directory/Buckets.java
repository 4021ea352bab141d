package io.github.tmem.tiering.directory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * The hash table of one shard: chains of entries under bucket heads. It grows by linear hashing (Litwin, VLDB 1980): one
 * bucket is split for every entry beyond the load, so that no put ever waits for a rehash.
 *
 * <p>Guarded by the shard's lock, but for {@link #glimpseFirst}.
 */
final class Buckets {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_HEADS = 1 << CHUNK_BITS;
    private static final long CHUNK_BYTES = (long) CHUNK_HEADS * EntryDescriptor.LINK_BYTES;
    private static final int FIRST_LEVEL = 8;

    private final EntryTable entries;
    private final IntToLongFunction hashOf;
    private final Arena arena;
    private MemorySegment[] heads = new MemorySegment[1];
    private int chunks;

    /** Buckets 0 to {@code split - 1} have been split at this level. */
    private int level = FIRST_LEVEL;

    private int split;
    private int size;

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

    /** The first entry of the chain that has the entries of this hash; continue with {@link #next}. */
    int first(long hash) {
        return head(bucket(hash));
    }

    /** The entry after one that is passed by. */
    int next(int entry) {
        assert entries.visits().note();
        return entries.hashNext(entry);
    }

    /** As {@link #first}, without the lock: the entry may be anything, also no entry at all. */
    int glimpseFirst(long hash) {
        int bucket = bucket(hash);
        MemorySegment[] seen = heads;
        MemorySegment chunk = bucket >>> CHUNK_BITS < seen.length ? seen[bucket >>> CHUNK_BITS] : null;
        return chunk == null ? EntryTable.NONE : entries.readLink(chunk, at(bucket));
    }

    /** Takes the memory that one more entry needs. */
    void makeRoom() {
        if (size >= bucketCount()) {
            splitNext();
        }
    }

    /** Adds an entry for which {@link #makeRoom} has been called. */
    void add(int entry, long hash) {
        int bucket = bucket(hash);
        entries.hashNext(entry, head(bucket));
        head(bucket, entry);
        size++;
    }

    void remove(int entry, long hash) {
        int bucket = bucket(hash);
        int at = head(bucket);
        if (at == entry) {
            head(bucket, entries.hashNext(entry));
        } else {
            while (entries.hashNext(at) != entry) {
                at = next(at);
                assert at != EntryTable.NONE : "entry " + entry + " is not in its bucket";
            }
            entries.hashNext(at, entries.hashNext(entry));
        }
        size--;
    }

    int size() {
        return size;
    }

    int bucketCount() {
        return (1 << level) + split;
    }

    int headOf(int bucket) {
        return head(bucket);
    }

    /** As {@link #first}, of a hash whose reversed lower 32 bits these are. */
    int firstReversed(int reversed) {
        return first(Integer.toUnsignedLong(Integer.reverse(reversed)));
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
        return chunks * CHUNK_BYTES;
    }

    private void splitNext() {
        int from = split;
        int to = (1 << level) + split;
        if (to >>> CHUNK_BITS == chunks) {
            addChunk();
        }
        split++;
        if (split == 1 << level) {
            level++;
            split = 0;
        }
        int entry = head(from);
        head(from, EntryTable.NONE);
        head(to, EntryTable.NONE);
        while (entry != EntryTable.NONE) {
            int next = next(entry);
            int bucket = bucket(hashOf.applyAsLong(entry));
            assert bucket == from || bucket == to;
            entries.hashNext(entry, head(bucket));
            head(bucket, entry);
            entry = next;
        }
    }

    private void addChunk() {
        if (chunks == heads.length) {
            heads = Arrays.copyOf(heads, chunks * 2);
        }
        heads[chunks++] = arena.allocate(CHUNK_BYTES + 1); // the last link is read with the byte after it
    }

    private int head(int bucket) {
        return entries.readLink(heads[bucket >>> CHUNK_BITS], at(bucket));
    }

    private void head(int bucket, int entry) {
        entries.writeLink(heads[bucket >>> CHUNK_BITS], at(bucket), entry);
    }

    private static long at(int bucket) {
        return (long) (bucket & (CHUNK_HEADS - 1)) * EntryDescriptor.LINK_BYTES;
    }
}
