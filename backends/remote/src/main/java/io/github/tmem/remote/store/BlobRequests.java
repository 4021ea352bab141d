package io.github.tmem.remote.store;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.BlobPool.Scan;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.lettuce.core.protocol.CommandArgs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The requests about one pool of values.
 *
 * @param number the number that the node has it under
 */
record BlobRequests(long number) {

    private CommandArgs<byte[], byte[]> pool() {
        return Call.arguments().add(number);
    }

    /** How much of a destination can be filled. */
    static int room(MemorySegment destination) {
        return (int) Math.min(destination.byteSize(), BlobPool.LENGTH_MAX);
    }

    /** A put of an array that nobody changes any more. */
    Call<PutResult> put(ObjectId object, long index, byte[] value, PageKind kind) {
        byte[] key = Answers.key(object, index);
        long sum = Integer.toUnsignedLong(Answers.sum(key, value, value.length));
        return new Call<>(
                Order.VPUT,
                pool().add(key).add(value).add(kind.word()).add("SUM").add(sum),
                Requests::putResult);
    }

    /** A get; the destination is written when its answer is read. */
    Call<Integer> get(ObjectId object, long index, MemorySegment destination) {
        byte[] key = Answers.key(object, index);
        return new Call<>(
                Order.VGET, pool().add(key).add(room(destination)), answer -> deliver(answer, key, destination));
    }

    /** A take; the destination is written when its answer is read. */
    Call<Integer> take(ObjectId object, long index, long ticket, MemorySegment destination) {
        byte[] key = Answers.key(object, index);
        return new Call<>(
                Order.VTAKE,
                pool().add(key).add(ticket).add(room(destination)),
                answer -> deliver(answer, key, destination));
    }

    /** The length of the value in an answer, which is copied if there is room for it. */
    private static int deliver(List<Object> answer, byte[] key, MemorySegment destination) {
        Object part = Answers.only(answer);
        if (part == null) {
            return Takes.NONE;
        }
        int room = room(destination);
        if (part instanceof Long length && length > room && length <= BlobPool.LENGTH_MAX) {
            return length.intValue();
        }
        if (!(part instanceof byte[] bytes)
                || bytes.length < Answers.SUM_BYTES
                || bytes.length - Answers.SUM_BYTES > room) {
            throw Answers.wrong();
        }
        int length = bytes.length - Answers.SUM_BYTES;
        if (Answers.sum(key, bytes, length) != ByteBuffer.wrap(bytes).getInt(length)) {
            throw Answers.damaged();
        }
        MemorySegment.copy(bytes, 0, destination, ValueLayout.JAVA_BYTE, 0, length);
        return length;
    }

    Call<Integer> length(ObjectId object, long index) {
        return new Call<>(Order.VLENGTH, pool().add(Answers.key(object, index)), answer -> {
            long length = Answers.number(answer);
            if (length < Takes.NONE || length > BlobPool.LENGTH_MAX) {
                throw Answers.wrong();
            }
            return (int) length;
        });
    }

    Call<Boolean> flush(ObjectId object, long index) {
        return new Call<>(Order.VFLUSH, pool().add(Answers.key(object, index)), Answers::isTrue);
    }

    Call<Long> flushAll() {
        return new Call<>(Order.VFLUSHALL, pool(), Answers::count);
    }

    Call<Long> count() {
        return new Call<>(Order.COUNT, pool(), Answers::count);
    }

    Call<Scan> scan(long cursor, int most) {
        return new Call<>(Order.VSCAN, pool().add(cursor).add(most), answer -> {
            long next = Answers.number(answer, 0);
            if (next < 0) {
                throw Answers.wrong();
            }
            return new Scan(answer.stream().skip(1).map(BlobRequests::key).toList(), next);
        });
    }

    private static PageKey key(Object part) {
        if (!(part instanceof byte[] bytes) || bytes.length != Answers.KEY_BYTES) {
            throw Answers.wrong();
        }
        ByteBuffer key = ByteBuffer.wrap(bytes);
        return new PageKey(new ObjectId(key.getLong(), key.getLong(), key.getLong()), key.getLong());
    }
}
