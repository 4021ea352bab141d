package io.github.tmem.bench.replay;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.Long2LongHashMap;

/**
 * A medium of equal slots in native memory, each for one copy of at most {@value #SLOT_BYTES} bytes: it holds exactly as
 * many whole pages as it has slots, also when those are few, which memory that is handed out in slabs cannot. For
 * measurements by one thread; one lock around everything makes it safe for more.
 */
final class SlotsBackend implements Backend {
    /** The memory of a slot. */
    static final int SLOT_BYTES = 4096;

    private static final int CHUNK_SLOTS = 256;
    private static final long NOWHERE = -1;
    private static final Capabilities CAPABILITIES =
            new Capabilities(Addressing.KEYED, Latency.LOCAL, Set.of(PageKind.EPHEMERAL), SLOT_BYTES);

    private final long slots;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();

    /** Slot times {@link #SLOT_BYTES} plus length less one, by copy id. */
    private final Long2LongHashMap places = new Long2LongHashMap(NOWHERE);

    private final IntArrayList freeSlots = new IntArrayList();
    private int slotsEverUsed;
    private long encodedBytes;

    /** A medium of as many whole slots as fit into {@code capacityBytes}. */
    SlotsBackend(long capacityBytes) {
        slots = capacityBytes / SLOT_BYTES;
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public synchronized long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        if (length < 1 || length > SLOT_BYTES || kind != PageKind.EPHEMERAL) {
            return Outcome.DECLINED;
        }
        if (places.size() == slots) {
            return Outcome.FULL;
        }
        int slot = freeSlots.isEmpty() ? newSlot() : freeSlots.removeAt(freeSlots.size() - 1);
        MemorySegment.copy(encoded, 0, chunkOf(slot), offsetOf(slot), length);
        places.put(copyId, (long) slot * SLOT_BYTES + length - 1);
        encodedBytes += length;
        return copyId;
    }

    private int newSlot() {
        if (slotsEverUsed == chunks.size() * CHUNK_SLOTS) {
            chunks.add(arena.allocate((long) CHUNK_SLOTS * SLOT_BYTES, Long.BYTES));
        }
        return slotsEverUsed++;
    }

    private MemorySegment chunkOf(int slot) {
        return chunks.get(slot / CHUNK_SLOTS);
    }

    private static long offsetOf(int slot) {
        return (long) (slot % CHUNK_SLOTS) * SLOT_BYTES;
    }

    @Override
    public synchronized int get(long locator, MemorySegment destination, int length) {
        long place = places.get(locator);
        if (place == NOWHERE) {
            return Outcome.GONE;
        }
        if (lengthAt(place) != length) {
            return Outcome.CORRUPT;
        }
        int slot = (int) (place / SLOT_BYTES);
        MemorySegment.copy(chunkOf(slot), offsetOf(slot), destination, 0, length);
        return length;
    }

    private static int lengthAt(long place) {
        return (int) (place % SLOT_BYTES) + 1;
    }

    @Override
    public synchronized int flush(long locator) {
        long place = places.remove(locator);
        if (place != NOWHERE) {
            freeSlots.addInt((int) (place / SLOT_BYTES));
            encodedBytes -= lengthAt(place);
        }
        return Outcome.DONE;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        completion.complete(put(copyId, kind, owner, encoded, length));
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        completion.complete(get(locator, destination, length));
    }

    @Override
    public synchronized long usedBytes() {
        return (long) places.size() * SLOT_BYTES;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(slots * SLOT_BYTES, usedBytes(), encodedBytes, places.size(), 0);
    }

    @Override
    public synchronized void close() {
        arena.close();
    }
}
