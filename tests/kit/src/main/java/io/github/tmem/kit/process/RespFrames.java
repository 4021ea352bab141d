package io.github.tmem.kit.process;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of the Redis protocol, version 2 or 3, into whole requests or answers. For one thread. */
final class RespFrames {
    private final InputStream in;
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

    RespFrames(InputStream in) {
        this.in = in;
    }

    /** The bytes of the next request or answer; null at the end of the stream. */
    byte @Nullable [] next() throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        frame.reset();
        frame.write(type);
        rest(type);
        return frame.toByteArray();
    }

    private void rest(int type) throws IOException {
        String line = line();
        switch (type) {
            case '$', '=', '!' -> bytes(Long.parseLong(line));
            case '*', '~', '>' -> values(Long.parseLong(line));
            case '%' -> values(2 * Long.parseLong(line));
            default -> {} // it is all in the line
        }
    }

    private void values(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            int type = read();
            frame.write(type);
            rest(type);
        }
    }

    private void bytes(long length) throws IOException {
        if (length >= 0) {
            byte[] text = in.readNBytes(Math.toIntExact(length + 2));
            if (text.length < length + 2) {
                throw new EOFException();
            }
            frame.write(text);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = read(); ; next = read()) {
            frame.write(next);
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
    }

    private int read() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }

    /** The words of a request: an array of strings. */
    static List<byte[]> words(byte[] request) {
        List<byte[]> words = new ArrayList<>();
        int at = after(request, 0);
        while (at < request.length) {
            int text = after(request, at);
            int length = Integer.parseInt(new String(request, at + 1, text - at - 3, StandardCharsets.US_ASCII));
            words.add(java.util.Arrays.copyOfRange(request, text, text + length));
            at = text + length + 2;
        }
        return words;
    }

    /** Where the line that begins at an index has ended. */
    private static int after(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
