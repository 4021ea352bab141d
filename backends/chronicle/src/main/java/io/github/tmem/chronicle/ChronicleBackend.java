package io.github.tmem.chronicle;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.locks.InterProcessDeadLockException;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapAbsentEntry;
import net.openhft.chronicle.map.MapEntry;
import org.jspecify.annotations.Nullable;

/**
 * Ephemeral copies in a Chronicle Map, under their copy ids. A call holds the lock of one segment of the map while it
 * copies the bytes; a thread that does not get the lock in time answers {@link Outcome#UNAVAILABLE}.
 */
final class ChronicleBackend implements Backend {
    private final Capabilities capabilities;
    private final Room room;
    private final ChronicleMap<Long, byte[]> map;
    private final long metadataBytes;

    /** The lengths of copies by id whose put ended in an unknown state; their room is kept until they are flushed. */
    private final ConcurrentHashMap<Long, Integer> unsettled = new ConcurrentHashMap<>();

    /** A backend over an empty map of this geometry, which it closes. */
    ChronicleBackend(MapGeometry geometry, ChronicleMap<Long, byte[]> map) {
        this.map = map;
        room = new Room(geometry);
        metadataBytes = map.offHeapMemoryUsed() - geometry.chunkBytes();
        capabilities =
                new Capabilities(Addressing.KEYED, Latency.LOCAL, EnumSet.of(PageKind.EPHEMERAL), geometry.lengthMax());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a copy has at least one byte");
        }
        if (kind != PageKind.EPHEMERAL || length > capabilities.lengthMax()) {
            return Outcome.DECLINED;
        }
        if (!room.reserve(length)) {
            return Outcome.FULL;
        }
        int outcome = insert(copyId, new EncodedCopy(encoded, length), length);
        return outcome == Outcome.DONE ? copyId : outcome;
    }

    /** Stores a copy for which there is room; {@link Outcome#DONE}, or why it was not stored. */
    private int insert(long copyId, EncodedCopy copy, int length) {
        RuntimeException mistake;
        try (ExternalMapQueryContext<Long, byte[], ?> context = map.queryContext(copyId)) {
            context.updateLock().lock();
            MapAbsentEntry<Long, byte[]> absent = context.absentEntry();
            if (absent == null) {
                mistake = new IllegalArgumentException("second put under copy id " + copyId);
            } else {
                absent.doInsert(copy);
                mistake = copy.failure();
                if (mistake != null) {
                    remove(context);
                }
            }
        } catch (InterProcessDeadLockException notInTime) {
            unsettled.put(copyId, length);
            return Outcome.UNAVAILABLE;
        } catch (IllegalStateException noRoomInSegment) {
            // Thrown before anything of the copy is in the map: its segment has no chunks for it side by side.
            room.release(length);
            return Outcome.FULL;
        }
        if (mistake != null) {
            room.release(length);
            throw mistake;
        }
        room.stored(length);
        return Outcome.DONE;
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        try (ExternalMapQueryContext<Long, byte[], ?> context = map.queryContext(locator)) {
            context.readLock().lock();
            MapEntry<Long, byte[]> entry = context.entry();
            if (entry == null) {
                return Outcome.GONE;
            }
            Data<byte[]> value = entry.value();
            if (value.size() != length) {
                return Outcome.CORRUPT;
            }
            long address = value.bytes().addressForRead(value.offset());
            MemorySegment.copy(EncodedCopy.memory(address, length), 0, destination, 0, length);
            return length;
        } catch (InterProcessDeadLockException notInTime) {
            return Outcome.UNAVAILABLE;
        }
    }

    @Override
    public int flush(long locator) {
        int removed;
        try (ExternalMapQueryContext<Long, byte[], ?> context = map.queryContext(locator)) {
            context.updateLock().lock();
            removed = remove(context);
        } catch (InterProcessDeadLockException notInTime) {
            return Outcome.UNAVAILABLE;
        }
        Integer reserved = unsettled.isEmpty() ? null : unsettled.remove(locator);
        if (reserved != null) {
            room.release(reserved);
        } else if (removed > 0) {
            room.removed(removed);
        }
        return Outcome.DONE;
    }

    /** Removes the entry of a context that holds the update lock; the length of its copy, 0 if there is none. */
    private static int remove(ExternalMapQueryContext<Long, byte[], ?> context) {
        @Nullable MapEntry<Long, byte[]> entry = context.entry();
        if (entry == null) {
            return 0;
        }
        int length = Math.toIntExact(entry.value().size());
        entry.doRemove();
        return length;
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
    public long usedBytes() {
        return room.usedBytes();
    }

    @Override
    public Usage usage() {
        return room.usage(metadataBytes);
    }

    @Override
    public void close() {
        map.close();
    }
}
