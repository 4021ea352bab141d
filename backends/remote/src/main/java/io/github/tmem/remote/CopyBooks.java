package io.github.tmem.remote;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Usage;
import java.util.Arrays;
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

    /** An entry: the length, and above it whether the put was acknowledged and whether the page is ephemeral. */
    private static final long STORED = 1L << 32;

    private static final long EPHEMERAL = 1L << 33;
    private static final long LENGTH_MASK = STORED - 1;
    private static final long NONE = 0;

    private final Long2LongHashMap[] shelves = new Long2LongHashMap[SHELVES];
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong encodedBytes = new AtomicLong();
    private final AtomicLong copies = new AtomicLong();
    private volatile long capacityBytes;

    CopyBooks(long capacityBytes) {
        this.capacityBytes = capacityBytes;
        for (int i = 0; i < SHELVES; i++) {
            shelves[i] = new Long2LongHashMap(NONE);
        }
    }

    private Long2LongHashMap shelf(long copyId) {
        return shelves[(int) (copyId >>> RUN_BITS) & SHELVES - 1];
    }

    /** Notes a copy that is about to be sent; false if there is no room for it. */
    boolean sending(long copyId, PageKind kind, int length) {
        if (!reserve(length)) {
            return false;
        }
        long entry = kind == PageKind.EPHEMERAL ? length | EPHEMERAL : length;
        Long2LongHashMap shelf = shelf(copyId);
        long before;
        synchronized (shelf) {
            before = shelf.putIfAbsent(copyId, entry);
        }
        if (before != NONE) {
            usedBytes.addAndGet(-length);
            throw new IllegalArgumentException("second put under copy id " + copyId);
        }
        return true;
    }

    private boolean reserve(int length) {
        while (true) {
            long before = usedBytes.get();
            if (before + length > capacityBytes) {
                return false;
            }
            if (usedBytes.compareAndSet(before, before + length)) {
                return true;
            }
        }
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
            copies.incrementAndGet();
            encodedBytes.addAndGet(entry & LENGTH_MASK);
        }
    }

    /** Notes that a copy is gone, or was never stored. Harmless for one that is not in the books. */
    void gone(long copyId) {
        Long2LongHashMap shelf = shelf(copyId);
        long entry;
        synchronized (shelf) {
            entry = shelf.remove(copyId);
        }
        long length = entry & LENGTH_MASK;
        if ((entry & STORED) != 0) {
            encodedBytes.addAndGet(-length);
            copies.decrementAndGet();
        }
        usedBytes.addAndGet(-length);
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

    void resize(long newCapacityBytes) {
        capacityBytes = newCapacityBytes;
    }

    /** The lengths of all copies in the books. */
    long usedBytes() {
        return usedBytes.get();
    }

    /** How many copies are stored. */
    long copies() {
        return copies.get();
    }

    Usage usage() {
        long metadataBytes = 0;
        for (Long2LongHashMap shelf : shelves) {
            synchronized (shelf) {
                metadataBytes += (long) shelf.capacity() * SLOT_BYTES;
            }
        }
        // while others work the counts are those of different moments
        long used = usedBytes.get();
        long encoded = Math.clamp(encodedBytes.get(), 0, used);
        return new Usage(capacityBytes, used, encoded, Math.max(0, copies.get()), metadataBytes);
    }
}
