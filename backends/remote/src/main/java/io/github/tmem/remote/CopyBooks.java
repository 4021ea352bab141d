package io.github.tmem.remote;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.collections.Long2LongHashMap;

/**
 * Which copies the server holds or may hold: an id is in the books from before its put is sent until its flush is
 * answered. What is under the session's names and not in the books is therefore dead for good, because ids are never used
 * again. Thread-safe; a lock for each {@value #SHELVES}th of the runs, held for a few instructions.
 */
final class CopyBooks {
    private static final int SHELVES = 16;
    private static final int RUN_BITS = Integer.numberOfTrailingZeros(CopyKeys.RUN);
    private static final int SLOT_BYTES = 2 * Long.BYTES;

    /** An entry: the length, and above it whether the put was acknowledged, the kind of the page, and the place. */
    private static final long STORED = 1L << 32;

    private static final long EPHEMERAL = 1L << 33;
    private static final long FURTHER = 1L << 34;
    private static final long LENGTH_MASK = STORED - 1;
    private static final long NONE = 0;

    private final Long2LongHashMap[] shelves = new Long2LongHashMap[SHELVES];
    private final Room room;

    /** Of copies in the first place only, so that a copy in several servers counts once. */
    private final AtomicLong encodedBytes = new AtomicLong();

    private final AtomicLong firstCopies = new AtomicLong();
    private final AtomicLong copies = new AtomicLong();

    /** Books of a server of a tier that has so much room. */
    CopyBooks(Room room) {
        this.room = room;
        for (int i = 0; i < SHELVES; i++) {
            shelves[i] = new Long2LongHashMap(NONE);
        }
    }

    private Long2LongHashMap shelf(long copyId) {
        return shelves[(int) (copyId >>> RUN_BITS) & SHELVES - 1];
    }

    /** Which of the servers that hold a copy this is. */
    enum Place {
        FIRST,
        FURTHER
    }

    /** Notes a copy that is about to be sent; false if there is no room for it. It takes room in its first place. */
    boolean sending(long copyId, PageKind kind, int length, Place place) {
        boolean takesRoom = place == Place.FIRST;
        if (takesRoom && !room.take(length)) {
            return false;
        }
        long entry = length | (kind == PageKind.EPHEMERAL ? EPHEMERAL : 0) | (place == Place.FURTHER ? FURTHER : 0);
        Long2LongHashMap shelf = shelf(copyId);
        long before;
        synchronized (shelf) {
            before = shelf.putIfAbsent(copyId, entry);
        }
        if (before != NONE) {
            room.giveBack(takesRoom ? length : 0);
            throw new IllegalArgumentException("second put under copy id " + copyId);
        }
        return true;
    }

    /** Notes that a copy is stored. */
    void stored(long copyId) {
        Long2LongHashMap shelf = shelf(copyId);
        long entry;
        synchronized (shelf) {
            entry = shelf.get(copyId);
            if (entry != NONE) {
                shelf.put(copyId, entry | STORED);
            }
        }
        if (entry != NONE) {
            count(entry, 1);
        }
    }

    /** Notes that a copy is gone, or was never stored. Harmless for one that is not in the books. */
    void gone(long copyId) {
        Long2LongHashMap shelf = shelf(copyId);
        long entry;
        synchronized (shelf) {
            entry = shelf.remove(copyId);
        }
        if ((entry & STORED) != 0) {
            count(entry, -1);
        }
        if ((entry & FURTHER) == 0) {
            room.giveBack(entry & LENGTH_MASK);
        }
    }

    private void count(long entry, int more) {
        copies.addAndGet(more);
        if ((entry & FURTHER) == 0) {
            firstCopies.addAndGet(more);
            encodedBytes.addAndGet(more * (entry & LENGTH_MASK));
        }
    }

    /** Whether the server may hold this copy rightly. */
    boolean mayHold(long copyId) {
        Long2LongHashMap shelf = shelf(copyId);
        synchronized (shelf) {
            return shelf.containsKey(copyId);
        }
    }

    /** The number of shelves, for {@link #ids}. */
    static int shelves() {
        return SHELVES;
    }

    /** The ids on one shelf. A snapshot. */
    long[] ids(int shelf, Which which) {
        Long2LongHashMap map = shelves[shelf];
        long wanted = switch (which) {
            case ALL -> 0;
            case STORED -> STORED;
            case EPHEMERAL -> EPHEMERAL | STORED;
        };
        synchronized (map) {
            long[] ids = new long[map.size()];
            int count = 0;
            Long2LongHashMap.EntryIterator entries = map.entrySet().iterator();
            while (entries.hasNext()) {
                entries.next();
                if ((entries.getLongValue() & wanted) == wanted) {
                    ids[count++] = entries.getLongKey();
                }
            }
            return Arrays.copyOf(ids, count);
        }
    }

    /** Which copies of a shelf. */
    enum Which {
        /** Also those whose put was left without an answer. */
        ALL,
        /** Those whose put was acknowledged. */
        STORED,
        /** Of these, the ephemeral ones. */
        EPHEMERAL
    }

    /** How many copies are stored. */
    long copies() {
        return copies.get();
    }

    /** The memory of a tier with this room and the books of these servers. */
    static Usage usage(Room room, List<CopyBooks> all) {
        long encodedBytes = 0;
        long copies = 0;
        long metadataBytes = 0;
        for (CopyBooks books : all) {
            encodedBytes += books.encodedBytes.get();
            copies += books.firstCopies.get();
            metadataBytes += books.metadataBytes();
        }
        // while others work the counts are those of different moments
        long used = room.usedBytes();
        return new Usage(
                room.capacityBytes(), used, Math.clamp(encodedBytes, 0, used), Math.max(0, copies), metadataBytes);
    }

    private long metadataBytes() {
        long bytes = 0;
        for (Long2LongHashMap shelf : shelves) {
            synchronized (shelf) {
                bytes += (long) shelf.capacity() * SLOT_BYTES;
            }
        }
        return bytes;
    }
}
