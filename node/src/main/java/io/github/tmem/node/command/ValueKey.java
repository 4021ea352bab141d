package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The key of a client as the key of a pool: up to {@value #LENGTH_MAX} bytes, filled up with zeros, and its length as the
 * last of 32 bytes; the first 24 are the object, the others the index. So every key is an object of its own unless the first
 * 24 bytes are the same.
 */
final class ValueKey {
    /** The longest key in bytes. */
    static final int LENGTH_MAX = 31;

    private static final int BYTES = 32;

    private ValueKey() {}

    /** The object of the key that an argument is. */
    static ObjectId object(Request request, int argument) {
        int length = request.length(argument);
        if (length > LENGTH_MAX) {
            throw new RequestException("ERR key too long");
        }
        ByteBuf buffer = request.buffer();
        int at = request.at(argument);
        return new ObjectId(word(buffer, at, length, 0), word(buffer, at, length, 8), word(buffer, at, length, 16));
    }

    /** The index of the key that an argument is. */
    static long index(Request request, int argument) {
        int length = request.length(argument);
        return word(request.buffer(), request.at(argument), length, 24) | length;
    }

    /** Eight bytes of the key from {@code from} on, zeros behind its end. */
    private static long word(ByteBuf buffer, int at, int length, int from) {
        if (length - from >= 8) {
            return buffer.getLong(at + from);
        }
        long word = 0;
        for (int i = from; i < length; i++) {
            word |= (buffer.getByte(at + i) & 0xFFL) << (56 - 8 * (i - from));
        }
        return word;
    }

    /** The client's key. */
    static byte[] bytes(PageKey key) {
        byte[] all = ByteBuffer.allocate(BYTES)
                .putLong(key.object().high())
                .putLong(key.object().middle())
                .putLong(key.object().low())
                .putLong(key.index())
                .array();
        return Arrays.copyOf(all, Math.clamp(all[BYTES - 1], 0, LENGTH_MAX));
    }
}
