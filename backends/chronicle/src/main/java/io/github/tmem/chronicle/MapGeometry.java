package io.github.tmem.chronicle;

import net.openhft.chronicle.map.ChronicleMap;

/**
 * How the memory of a map is cut. A map has segments, each with a lock, a hash table, a bit for each chunk, and chunks. A
 * copy takes chunks that lie side by side in the segment its id falls to.
 *
 * <p>Segments do not fill evenly, and free chunks lie scattered: an eighth of all chunks is never given to copies, so that
 * a segment that cannot take one more copy is rare as long as copies are short. Copies above 16 KiB find one now and then.
 *
 * @param capacityBytes what the memory of the map stays below, in bytes
 * @param segments how many
 * @param chunksPerSegment how many in each
 * @param slotsPerSegment places in the hash table of each, a power of two
 */
record MapGeometry(long capacityBytes, int segments, long chunksPerSegment, long slotsPerSegment) {
    /** The least a tier is worth opening for, where the machine's pages are small. */
    static final long CAPACITY_MIN = 64L << 10;

    /** As for the other tiers in memory. */
    static final long CAPACITY_MAX = 512L << 30;

    /** Bytes of a chunk: half of one is lost for each copy, 3 % of a page that encodes to half its size. */
    static final int CHUNK = 128;

    /** The longest encoded page: that of the largest page there is, which does not compress. */
    private static final int LENGTH_MAX = 1 << 20;

    /** The key, and the length before the bytes of a copy. */
    private static final int COPY_HEADER = 8 + 4;

    /** The fewest chunks that a copy is charged, so that no hash table fills up before the chunks do. */
    private static final int CHUNKS_MIN = 3;

    /** A search through the free chunks of a segment passes 16 KiB of bits at most. */
    private static final long SEGMENT_MAX = 16L << 20;

    /** The larger of the two sizes that slots have, in bytes. */
    private static final int SLOT = 8;

    private static final int SLOTS_MIN = 64;

    /** Of 10 slots, how many are meant to be used; the map stops at 8. */
    private static final int SLOTS_USED = 6;

    /** Counters of a segment, and what its parts are rounded up by. */
    private static final int SEGMENT_HEADER = 1 << 10;

    /** The pages of the machine that the map's own header takes at most. */
    private static final int HEADER_PAGES = 2;

    /**
     * The least capacity of a map.
     *
     * @param machinePage the bytes of a page of the machine's memory
     */
    static long capacityMin(int machinePage) {
        return Math.max(CAPACITY_MIN, (long) HEADER_PAGES * machinePage + CAPACITY_MIN / 2);
    }

    /**
     * The geometry of a map that takes no more than a capacity.
     *
     * @param capacityBytes {@link #capacityMin} to {@link #CAPACITY_MAX}
     * @param machinePage the bytes of a page of the machine's memory
     */
    static MapGeometry of(long capacityBytes, int machinePage) {
        if (capacityBytes < capacityMin(machinePage) || capacityBytes > CAPACITY_MAX) {
            throw new IllegalArgumentException("capacity " + capacityBytes);
        }
        long room = capacityBytes - (long) HEADER_PAGES * machinePage;
        int segments = Math.toIntExact(Math.ceilDiv(room, SEGMENT_MAX));
        long segment = room / segments;
        long slots = Math.max(SLOTS_MIN, powerOfTwo(Math.ceilDiv(segment, 2 * CHUNK)));
        long chunks = (segment - slots * SLOT - SEGMENT_HEADER) * Byte.SIZE / (CHUNK * Byte.SIZE + 1);
        return new MapGeometry(capacityBytes, segments, chunks, slots);
    }

    private static long powerOfTwo(long atLeast) {
        return Long.highestOneBit(atLeast * 2 - 1);
    }

    /** Makes the map, and reserves its memory. */
    ChronicleMap<Long, byte[]> create() {
        return ChronicleMap.of(Long.class, byte[].class)
                .name("tmem")
                .actualSegments(segments)
                .actualChunkSize(CHUNK)
                .actualChunksPerSegmentTier(chunksPerSegment)
                .entriesPerSegment(slotsPerSegment * SLOTS_USED / 10)
                // more memory than this would be beyond the capacity
                .allowSegmentTiering(false)
                .skipCloseOnExitHook(true)
                .create();
    }

    /** The chunks that copies may take, all together. */
    long chunks() {
        return segments * chunksFilled();
    }

    private long chunksFilled() {
        return chunksPerSegment - chunksPerSegment / 8;
    }

    /** The bytes of all chunks. */
    long chunkBytes() {
        return segments * chunksPerSegment * CHUNK;
    }

    /** What a copy of this length is charged, in chunks. */
    int chunks(int length) {
        return Math.max(CHUNKS_MIN, Math.ceilDiv(length + COPY_HEADER, CHUNK));
    }

    /** The longest copy, in bytes. */
    int lengthMax() {
        return (int) Math.min(LENGTH_MAX, chunksFilled() * CHUNK - COPY_HEADER);
    }
}
