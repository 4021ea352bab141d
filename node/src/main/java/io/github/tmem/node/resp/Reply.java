package io.github.tmem.node.resp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes answers into a buffer. In RESP3, the newer form of the protocol, maps and nothings have signs of their own. Not
 * thread-safe.
 */
public final class Reply {
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] NIL_2 = ascii("$-1\r\n");
    private static final byte[] NIL_3 = ascii("_\r\n");
    private static final int CRLF = '\r' << 8 | '\n';

    private static final int LENGTH_FIRST = 4096;

    private ByteBuf out;
    private Protocol protocol = Protocol.RESP2;
    private int lastLength = LENGTH_FIRST;

    /** Answers into {@code out}, which is not owned, as RESP2. */
    public Reply(ByteBuf out) {
        this.out = out;
    }

    /** From now on answers into another buffer. */
    public void into(ByteBuf other) {
        out = other;
    }

    /** From now on answers in this form. */
    public void speak(Protocol form) {
        protocol = form;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What the answers are written into. */
    public ByteBuf out() {
        return out;
    }

    /** Done, and nothing to say. */
    public void ok() {
        out.writeBytes(OK);
    }

    /** A word or two, in one line. */
    public void simple(String text) {
        out.writeByte('+');
        line(text);
    }

    /** An error: a word in capitals, then a text. Line breaks become blanks. */
    public void error(String text) {
        out.writeByte('-');
        line(text.replace('\r', ' ').replace('\n', ' '));
    }

    private void line(String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeShort(CRLF);
    }

    /** A whole number. */
    public void number(long number) {
        header(':', number);
    }

    /** There is nothing. */
    public void nil() {
        out.writeBytes(protocol == Protocol.RESP3 ? NIL_3 : NIL_2);
    }

    /** Text of any length. */
    public void bulk(String text) {
        bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes. */
    public void bulk(byte[] bytes) {
        header('$', bytes.length);
        out.writeBytes(bytes);
        out.writeShort(CRLF);
    }

    /** Bytes of another buffer. */
    public void bulk(ByteBuf from, int at, int length) {
        header('$', length);
        out.writeBytes(from, at, length);
        out.writeShort(CRLF);
    }

    /** The length of the value that was last sent, as a guess of the next one's. */
    public int lastLength() {
        return lastLength;
    }

    /** The length of what goes before bytes that are sent. */
    public static int headerLength(int length) {
        int digits = 1;
        for (int rest = length; rest >= 10; rest /= 10) {
            digits++;
        }
        return 1 + digits + 2;
    }

    /** Makes an answer of bytes that lie {@link #headerLength} behind the writer index. */
    public void around(int length) {
        header('$', length);
        out.writerIndex(out.writerIndex() + length);
        out.writeShort(CRLF);
        lastLength = length;
    }

    /** As many answers follow. */
    public void array(int count) {
        header('*', count);
    }

    /** As many pairs of answers follow. */
    public void map(int pairs) {
        header(protocol == Protocol.RESP3 ? '%' : '*', protocol == Protocol.RESP3 ? pairs : 2 * pairs);
    }

    private void header(char sign, long number) {
        out.writeByte(sign);
        if (number >= 0 && number < 10) {
            out.writeByte('0' + (int) number);
        } else {
            out.writeCharSequence(Long.toString(number), StandardCharsets.US_ASCII);
        }
        out.writeShort(CRLF);
    }
}
