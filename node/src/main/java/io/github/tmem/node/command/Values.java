package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;

/**
 * The values of one user, each with the moment it ends in front of it. A value that has ended is found no more, but keeps
 * its room until it is overwritten, deleted or evicted: it is ephemeral. Thread-safe.
 */
final class Values {
    /** The bytes in front of a value. */
    static final int PREFIX = Long.BYTES;

    /** In the place of the moment a value ends: never. */
    static final long FOREVER = 0;

    /** {@link #deadline}: there is no such value. */
    static final long NONE = -1;

    /** Room behind a value: the end of its line, and more digits of its length than were guessed. */
    private static final int SLACK = 8;

    private static final String FULL = "OOM command not allowed when used memory > 'maxmemory'.";

    private static final int STRIPES = 16;

    private final BlobPool pool;
    private final LongSupplier clock;
    /**
     * Held by whoever gives a value another time: that is a get and a put, and no other change of the key may come between. The
     * others share it. In order of their numbers.
     */
    private final StampedLock[] changes = new StampedLock[STRIPES];

    /**
     * The values in a pool.
     *
     * @param clock the time in milliseconds since 1970
     */
    Values(BlobPool pool, LongSupplier clock) {
        this.pool = pool;
        this.clock = clock;
        Arrays.setAll(changes, i -> new StampedLock());
    }

    /** The pool, for what changes nothing. */
    BlobPool pool() {
        return pool;
    }

    private StampedLock changes(ObjectId object) {
        long mixed = (object.high() ^ object.middle() ^ object.low()) * 0x9E3779B97F4A7C15L;
        return changes[(int) (mixed >>> 60)];
    }

    /**
     * Stores a value out of a request, whose bytes before the value are written over.
     *
     * @param deadline when it ends, or {@link #FOREVER}: it is persistent then
     * @throws RequestException if it is refused or too long
     */
    void put(ObjectId object, long index, Request request, int argument, long deadline) {
        int length = request.length(argument);
        if (length > Command.VALUE_MAX) {
            throw new RequestException("ERR value too long; allowed: " + Command.VALUE_MAX + " bytes");
        }
        MemorySegment value = prefixed(request.buffer(), request.at(argument), length, deadline);
        PageKind kind = deadline == FOREVER ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
        put(object, index, value, kind);
    }

    private void put(ObjectId object, long index, MemorySegment value, PageKind kind) {
        StampedLock lock = changes(object);
        long stamp = lock.readLock();
        try {
            check(pool.put(object, index, value, kind));
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private static void check(PutResult result) {
        Refusal refusal = result.refusal();
        if (refusal != null) {
            throw refused(refusal);
        }
    }

    /** Forgets a value; returns whether there was one. */
    boolean flush(ObjectId object, long index) {
        StampedLock lock = changes(object);
        long stamp = lock.readLock();
        try {
            return pool.flush(object, index);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Forgets all values. */
    void flushAll() {
        long[] stamps = new long[STRIPES];
        Arrays.setAll(stamps, i -> changes[i].readLock());
        try {
            pool.flushAll();
        } finally {
            for (int i = 0; i < STRIPES; i++) {
                changes[i].unlockRead(stamps[i]);
            }
        }
    }

    /**
     * Gives a value another moment to end, which makes it ephemeral.
     *
     * @return whether there is such a value
     * @throws RequestException if there is no room to store it anew; it is gone then
     */
    boolean expire(ObjectId object, long index, long deadline, Reply reply) {
        StampedLock lock = changes(object);
        long stamp = lock.writeLock();
        try {
            int length = read(object, index, reply);
            if (length < PREFIX) {
                return false;
            }
            ByteBuf out = reply.out();
            int from = out.writerIndex();
            out.setLong(from, deadline);
            check(pool.put(object, index, MemorySegment.ofBuffer(out.nioBuffer(from, length)), PageKind.EPHEMERAL));
            return true;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private static MemorySegment prefixed(ByteBuf buffer, int at, int length, long deadline) {
        if (at >= PREFIX) {
            buffer.setLong(at - PREFIX, deadline);
            return MemorySegment.ofBuffer(buffer.nioBuffer(at - PREFIX, PREFIX + length));
        }
        byte[] copy = new byte[PREFIX + length]; // a first request in one line, so it is short
        MemorySegment value = MemorySegment.ofArray(copy);
        value.asByteBuffer().putLong(deadline);
        buffer.getBytes(at, copy, PREFIX, length);
        return value;
    }

    private static RequestException refused(Refusal refusal) {
        return switch (refusal) {
            case FULL, DIRECTORY_FULL, OVER_QUOTA -> new RequestException(FULL);
            case UNAVAILABLE, FROZEN -> new RequestException("UNAVAILABLE the value was not stored: " + refusal);
            default -> new RequestException("ERR the value was not stored: " + refusal);
        };
    }

    /** Answers with a value, or nothing. */
    void get(ObjectId object, long index, Reply reply) {
        answer(object, index, reply, pool::get);
    }

    /** Answers with a value, which is gone then, or nothing. */
    void take(ObjectId object, long index, Reply reply) {
        StampedLock lock = changes(object);
        long stamp = lock.readLock();
        try {
            answer(object, index, reply, pool::take);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** {@link BlobPool#get} or {@link BlobPool#take}. */
    @FunctionalInterface
    private interface Fetch {
        int into(ObjectId object, long index, MemorySegment destination);
    }

    /**
     * The value is fetched to where it will be sent from. Its length, which comes before, is known only then: it is guessed,
     * and the value moved if it takes more or fewer digits. What is in front of the value comes to lie over the end of what was
     * written before, which is restored.
     */
    private void answer(ObjectId object, long index, Reply reply, Fetch fetch) {
        ByteBuf out = reply.out();
        int start = out.writerIndex();
        int guess = reply.lastLength();
        while (true) {
            int header = Reply.headerLength(guess);
            out.ensureWritable(header + guess + SLACK);
            int from = start + header - PREFIX;
            long before = out.getLong(start - PREFIX);
            MemorySegment window = MemorySegment.ofBuffer(out.nioBuffer(from, out.capacity() - SLACK - from));
            int found = fetch.into(object, index, window);
            if (found > window.byteSize()) {
                guess = found - PREFIX;
                continue;
            }
            long deadline = out.getLong(from);
            out.setLong(start - PREFIX, before);
            if (found < PREFIX || isOver(deadline)) {
                reply.nil();
                return;
            }
            int length = found - PREFIX;
            int needed = Reply.headerLength(length);
            if (needed != header) {
                MemorySegment.copy(window, PREFIX, window, PREFIX + needed - header, length);
            }
            reply.around(length);
            return;
        }
    }

    private boolean isOver(long deadline) {
        return deadline != FOREVER && deadline <= clock.getAsLong();
    }

    /** When a value ends; {@link #FOREVER}, or {@link #NONE} if there is none. It is read, so that it may turn out to be lost. */
    long deadline(ObjectId object, long index, Reply reply) {
        int length = read(object, index, reply);
        return length < PREFIX ? NONE : reply.out().getLong(reply.out().writerIndex());
    }

    /** Reads a value with its prefix to where the next answer will be; returns the length of both, or -1 if there is none. */
    private int read(ObjectId object, long index, Reply reply) {
        int room = pool.length(object, index);
        ByteBuf out = reply.out();
        while (room >= 0) {
            out.ensureWritable(PREFIX + room);
            int from = out.writerIndex();
            int found = pool.get(object, index, MemorySegment.ofBuffer(out.nioBuffer(from, PREFIX + room)));
            if (found <= PREFIX + room) {
                return found >= PREFIX && !isOver(out.getLong(from)) ? found : -1;
            }
            room = found;
        }
        return -1;
    }

    /** The length of a value in bytes; 0 if there is none. */
    int length(ObjectId object, long index, Reply reply) {
        return Math.max(0, read(object, index, reply) - PREFIX);
    }
}
