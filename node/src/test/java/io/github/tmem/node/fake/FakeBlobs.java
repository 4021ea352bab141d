package io.github.tmem.node.fake;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A pool of values in a map, with bounded room, that can be told to fail. */
public final class FakeBlobs implements BlobPool {
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    private record Entry(byte[] value, PageKind kind) {}

    private final NavigableMap<PageKey, Entry> entries =
            new ConcurrentSkipListMap<>((a, b) -> a.object().equals(b.object())
                    ? Long.compareUnsigned(a.index(), b.index())
                    : a.object().compareTo(b.object()));
    private long room;
    private @Nullable RuntimeException failure;
    private boolean closed;
    private Runnable first = () -> {};

    /** A pool with room for as many bytes of values. */
    public FakeBlobs(long room) {
        this.room = room;
    }

    /** From now on every get throws this; null for none. */
    public void failWith(@Nullable RuntimeException newFailure) {
        failure = newFailure;
    }

    /** From now on every get and every {@link #flushAll} runs this first. */
    public void beforeEach(Runnable action) {
        first = action;
    }

    /** Forgets everything, and has this room. */
    public void reset(long newRoom) {
        entries.clear();
        room = newRoom;
    }

    /** The kind of a value; null if there is none. */
    public @Nullable PageKind kind(ObjectId object, long index) {
        Entry entry = entries.get(new PageKey(object, index));
        return entry == null ? null : entry.kind();
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment value, PageKind kind) {
        if (value.byteSize() > LENGTH_MAX) {
            throw new IllegalArgumentException("too long");
        }
        flush(object, index);
        if (value.byteSize() > room) {
            return PutResult.refused(Refusal.FULL);
        }
        room -= value.byteSize();
        entries.put(new PageKey(object, index), new Entry(value.toArray(ValueLayout.JAVA_BYTE), kind));
        return PutResult.storedIn("fake");
    }

    @Override
    public int length(ObjectId object, long index) {
        Entry entry = entries.get(new PageKey(object, index));
        return entry == null ? -1 : entry.value().length;
    }

    @Override
    public int get(ObjectId object, long index, MemorySegment destination) {
        first.run();
        Entry entry = entries.get(new PageKey(object, index));
        if (entry == null) {
            return -1;
        }
        if (failure != null) {
            throw failure;
        }
        byte[] value = entry.value();
        if (destination.byteSize() >= value.length) {
            MemorySegment.copy(value, 0, destination, ValueLayout.JAVA_BYTE, 0, value.length);
        }
        return value.length;
    }

    @Override
    public int take(ObjectId object, long index, MemorySegment destination) {
        int length = get(object, index, destination);
        if (length >= 0 && length <= destination.byteSize()) {
            flush(object, index);
        }
        return length;
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        Entry entry = entries.remove(new PageKey(object, index));
        room += entry == null ? 0 : entry.value().length;
        return entry != null;
    }

    @Override
    public long flushAll() {
        first.run();
        long count = entries.size();
        entries.clear();
        return count;
    }

    @Override
    public long count() {
        return entries.size();
    }

    @Override
    public Scan scan(long cursor, int most) {
        List<PageKey> keys = new ArrayList<>(entries.keySet());
        int from = Math.clamp(cursor, 0, keys.size());
        int to = Math.min(keys.size(), from + most);
        return new Scan(keys.subList(from, to), to == keys.size() ? 0 : to);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        entries.clear();
    }
}
