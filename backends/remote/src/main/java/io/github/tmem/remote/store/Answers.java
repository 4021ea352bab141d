package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads answers of a node, which may be anything: whatever is not what was asked for is {@link NoAnswer}. */
final class Answers {
    static final int KEY_BYTES = 32;
    static final int SUM_BYTES = 4;
    private static final int TEXT_MAX = 64 << 10;

    private Answers() {}

    /** What was answered cannot be an answer. */
    static NoAnswer wrong() {
        return new NoAnswer("the node answers something else than was asked");
    }

    /** The only part of an answer; null if it is nothing. */
    private static Object[] one(List<Object> answer) {
        if (answer.size() != 1) {
            throw wrong();
        }
        return answer.toArray();
    }

    /** The only part of an answer; null if that is that there is nothing. */
    static @Nullable Object only(List<Object> answer) {
        return one(answer)[0];
    }

    /** A part that is a number. */
    static long number(List<Object> answer, int part) {
        if (part < answer.size() && answer.get(part) instanceof Long number) {
            return number;
        }
        throw wrong();
    }

    /** An answer that is a number. */
    static long number(List<Object> answer) {
        return one(answer)[0] instanceof Long number ? number : throwWrong();
    }

    private static long throwWrong() {
        throw wrong();
    }

    /** An answer that is how many there are. */
    static long count(List<Object> answer) {
        long number = number(answer);
        if (number < 0) {
            throw wrong();
        }
        return number;
    }

    /** An answer that is yes or no. */
    static boolean isTrue(List<Object> answer) {
        long number = number(answer);
        if (number != 0 && number != 1) {
            throw wrong();
        }
        return number == 1;
    }

    /** An answer that is several times yes or no. */
    static List<Boolean> flags(List<Object> answer) {
        return answer.stream()
                .map(part -> isTrue(Collections.singletonList(part)))
                .toList();
    }

    /** A part that is text. */
    static String text(List<Object> answer, int part) {
        if (part < answer.size() && answer.get(part) instanceof byte[] bytes && bytes.length <= TEXT_MAX) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        throw wrong();
    }

    /** An answer that is text. */
    static String text(List<Object> answer) {
        one(answer);
        return text(answer, 0);
    }

    /** An answer that says that it was done. */
    static boolean done(List<Object> answer) {
        if (!text(answer).equals("OK")) {
            throw wrong();
        }
        return true;
    }

    /**
     * An answer that is a page behind which its sum is, or nothing.
     *
     * @return the page and the sum; an array without a byte if there is no page
     */
    static byte[] page(List<Object> answer, byte[] key, int pageSize) {
        Object part = one(answer)[0];
        if (part == null) {
            return new byte[0];
        }
        if (!(part instanceof byte[] bytes) || bytes.length != pageSize + SUM_BYTES) {
            throw wrong();
        }
        if (sum(key, bytes, pageSize) != ByteBuffer.wrap(bytes).getInt(pageSize)) {
            throw damaged();
        }
        return bytes;
    }

    /** Bytes have come that are not those that were sent. */
    static NoAnswer damaged() {
        return new NoAnswer("the page was damaged on the way, or is another one");
    }

    /** The sum of a page under its key. */
    static int sum(byte[] key, byte[] page, int pageSize) {
        CRC32C sum = new CRC32C();
        sum.update(key);
        sum.update(page, 0, pageSize);
        return (int) sum.getValue();
    }

    /** A key as it is sent. */
    static byte[] key(ObjectId object, long index) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(object.high())
                .putLong(object.middle())
                .putLong(object.low())
                .putLong(index)
                .array();
    }

    /** An object as it is sent. */
    static byte[] object(ObjectId object) {
        return ByteBuffer.allocate(KEY_BYTES - Long.BYTES)
                .putLong(object.high())
                .putLong(object.middle())
                .putLong(object.low())
                .array();
    }
}
