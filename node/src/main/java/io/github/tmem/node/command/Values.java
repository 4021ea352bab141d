package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
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

    private final BlobPool pool;
    private final LongSupplier clock;

    /**
     * The values in a pool.
     *
     * @param clock the time in milliseconds since 1970
     */
    Values(BlobPool pool, LongSupplier clock) {
        this.pool = pool;
        this.clock = clock;
    }

    BlobPool pool() {
        return pool;
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
        PutResult result = pool.put(object, index, value, kind);
        if (result.refusal() != null) {
            throw refused(result);
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

    private static RequestException refused(PutResult result) {
        return switch (result.refusal()) {
            case FULL, DIRECTORY_FULL, OVER_QUOTA -> new RequestException(FULL);
            case UNAVAILABLE, FROZEN -> new RequestException("UNAVAILABLE the value was not stored: " + result.refusal());
            case null, default -> new RequestException("ERR the value was not stored: " + result.refusal());
        };
    }

    /** Answers with a value, or nothing. */
    void get(ObjectId object, long index, Reply reply) {
        answer(object, index, reply, pool::get);
    }

    /** Answers with a value, which is gone then, or nothing. */
    void take(ObjectId object, long index, Reply reply) {
        answer(object, index, reply, pool::take);
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
        if (pool.length(object, index) < 0) {
            return NONE;
        }
        ByteBuf out = reply.out();
        int room = PREFIX + reply.lastLength();
        while (true) {
            out.ensureWritable(room);
            int from = out.writerIndex();
            int found = pool.get(object, index, MemorySegment.ofBuffer(out.nioBuffer(from, room)));
            if (found > room) {
                room = found;
                continue;
            }
            long deadline = out.getLong(from);
            return found < PREFIX || isOver(deadline) ? NONE : deadline;
        }
    }

    /** The length of a value in bytes; 0 if there is none. */
    int length(ObjectId object, long index, Reply reply) {
        int length = pool.length(object, index);
        return length < PREFIX || deadline(object, index, reply) == NONE ? 0 : length - PREFIX;
    }
}
