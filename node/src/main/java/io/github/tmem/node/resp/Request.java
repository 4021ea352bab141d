package io.github.tmem.node.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One request: its arguments as places in the buffer it came in. Valid until the decoder goes on; used again for the next.
 * Not thread-safe.
 */
public final class Request {
    private static final int PLACES_FIRST = 16;
    private static final int DIGITS_MAX = 19;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int origin;
    private int[] places = new int[PLACES_FIRST];
    private int[] lengths = new int[PLACES_FIRST];
    private int count;

    /** A request without arguments. */
    Request() {}

    void begin() {
        count = 0;
    }

    /** Where the bytes are now: a buffer may move between two reads. */
    void in(ByteBuf newBuffer, int newOrigin) {
        buffer = newBuffer;
        origin = newOrigin;
    }

    void add(int place, int length) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        places[count] = place;
        lengths[count++] = length;
    }

    /** After a request of many arguments: what they took is given back. */
    void shrink() {
        if (places.length > 64 * PLACES_FIRST) {
            places = new int[PLACES_FIRST];
            lengths = new int[PLACES_FIRST];
        }
    }

    /** The number of arguments, the name of the command included. */
    public int count() {
        return count;
    }

    /** The length of an argument in bytes. */
    public int length(int argument) {
        return lengths[argument];
    }

    /** The buffer of all arguments. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** Where an argument begins in {@link #buffer()}. What lies before it belongs to this request or to earlier ones. */
    public int at(int argument) {
        return origin + places[argument];
    }

    /** A byte of an argument. */
    public byte at(int argument, int index) {
        return buffer.getByte(origin + places[argument] + index);
    }

    /** A copy of an argument. */
    public byte[] bytes(int argument) {
        byte[] copy = new byte[lengths[argument]];
        buffer.getBytes(at(argument), copy);
        return copy;
    }

    /** An argument where it lies. */
    public ByteBuffer view(int argument) {
        return buffer.nioBuffer(at(argument), lengths[argument]);
    }

    /** An argument as text. */
    public String text(int argument) {
        return buffer.toString(at(argument), lengths[argument], StandardCharsets.UTF_8);
    }

    /** Whether an argument is {@code word}, which is in capitals, whatever its case. */
    public boolean is(int argument, String word) {
        if (lengths[argument] != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (capital(at(argument, i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** An ASCII letter as a capital, any other byte as it is. */
    public static int capital(byte letter) {
        return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
    }

    /**
     * An argument as a whole number.
     *
     * @throws RequestException if it is none, or has 64 bits or more
     */
    public long number(int argument) {
        int length = lengths[argument];
        boolean negative = length > 0 && at(argument, 0) == '-';
        int first = negative ? 1 : 0;
        if (length == first || length - first > DIGITS_MAX) {
            throw notANumber();
        }
        long number = 0;
        for (int i = first; i < length; i++) {
            int digit = at(argument, i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                throw notANumber();
            }
            number = 10 * number + digit;
        }
        return negative ? -number : number;
    }

    private static RequestException notANumber() {
        return new RequestException("ERR value is not an integer or out of range");
    }
}
