package io.github.tmem.remote.line;

import io.lettuce.core.RedisCommandExecutionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which one request is under way at a time, and whose caller itself writes it and reads the answer (RESP2).
 * For one thread at a time, but for {@link #close}.
 *
 * <p>Every method throws {@link RedisCommandExecutionException} if the server answers with an error, {@link
 * SocketTimeoutException} if it does not answer in time, and {@link IOException} if the connection is of no use or the answer
 * is none that was asked for; after the latter two nothing more can be asked.
 */
public final class Line implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Line.class.getName());

    /** The longest value that is sent by a line: it fits the socket's buffer, so that sending never waits. */
    public static final int SENT_MAX = 32 << 10;

    /** Room for a value and what is around it; the system takes part of it for its own books. */
    static final int SEND_BUFFER = 4 * SENT_MAX;

    private static final byte[] SET = ascii("SET");
    private static final byte[] PX = ascii("PX");
    private static final byte[] GET = ascii("GET");
    private static final byte[] UNLINK = ascii("UNLINK");
    private static final byte[] PING = ascii("PING");
    private static final byte[] END = ascii("\r\n");
    private static final int ARGUMENT_EXTRA = 16;
    private static final int LINE_MAX = 1024;
    private static final long NANOS_IN_A_MILLI = 1_000_000;

    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final long timeoutNanos;
    private final byte[] in = new byte[8 << 10];
    private int from;
    private int to;
    private byte[] out = new byte[8 << 10];
    private int length;
    private long begin;

    /** A connection that has been made. An answer may take so long as a whole. Owns the socket. */
    Line(Socket socket, long timeoutNanos) throws IOException {
        this.socket = socket;
        this.timeoutNanos = timeoutNanos;
        input = socket.getInputStream();
        output = socket.getOutputStream();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Stores a value of up to {@link #SENT_MAX} bytes.
     *
     * @param millis its time to live; 0 for ever
     */
    public String set(byte[] key, byte[] value, long millis) throws IOException {
        if (millis == 0) {
            request(SET, key, value);
        } else {
            request(SET, key, value, PX, ascii(Long.toString(millis)));
        }
        return status();
    }

    /** Fetches a value; null if there is none. One that is longer than {@code lengthMax} breaks the line. */
    public byte @Nullable [] get(byte[] key, int lengthMax) throws IOException {
        request(GET, key);
        long size = number('$');
        if (size == -1) {
            return null;
        }
        if (size < 0 || size > lengthMax) {
            throw new IOException("a value of " + size + " bytes; allowed: up to " + lengthMax);
        }
        byte[] value = new byte[(int) size];
        read(value);
        if (next() != '\r' || next() != '\n') {
            throw new IOException("no end of a value");
        }
        return value;
    }

    /** Deletes a value; returns how many there were. */
    public long unlink(byte[] key) throws IOException {
        request(UNLINK, key);
        return number(':');
    }

    /** Asks for an answer. */
    String ping() throws IOException {
        request(PING);
        return status();
    }

    /** Sends a command of this connection, to which the answer is OK. */
    void tell(String... parts) throws IOException {
        request(Arrays.stream(parts)
                .map(part -> part.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new));
        status();
    }

    private void request(byte[]... arguments) throws IOException {
        if (from != to) {
            throw new IOException("an answer that nobody asked for");
        }
        length = 0;
        count('*', arguments.length);
        for (byte[] argument : arguments) {
            count('$', argument.length);
            append(argument);
            append(END);
        }
        begin = System.nanoTime();
        output.write(out, 0, length);
    }

    private void count(char type, int number) {
        append(new byte[] {(byte) type});
        append(ascii(Integer.toString(number)));
        append(END);
    }

    private void append(byte[] bytes) {
        if (out.length - length < bytes.length + ARGUMENT_EXTRA) {
            out = Arrays.copyOf(out, 2 * out.length + bytes.length);
        }
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private String status() throws IOException {
        return line('+');
    }

    private long number(char type) throws IOException {
        String digits = line(type);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IOException("a number was expected", e);
        }
    }

    /** One line of this type, without type and end. */
    private String line(char type) throws IOException {
        int first = next();
        StringBuilder text = new StringBuilder();
        int next = next();
        while (next != '\r') {
            if (text.length() == LINE_MAX) {
                throw new IOException("a line of more than " + LINE_MAX + " bytes");
            }
            text.append((char) next);
            next = next();
        }
        if (next() != '\n') {
            throw new IOException("no end of a line");
        }
        if (first == '-') {
            throw new RedisCommandExecutionException(text.toString());
        }
        if (first != type) {
            throw new IOException("another answer than was asked for");
        }
        return text.toString();
    }

    private int next() throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
            to = receive(in, 0, in.length);
        }
        return in[from++] & 0xff;
    }

    private void read(byte[] value) throws IOException {
        int done = Math.min(value.length, to - from);
        System.arraycopy(in, from, value, 0, done);
        from += done;
        while (done < value.length) {
            done += receive(value, done, value.length - done);
        }
    }

    private int receive(byte[] bytes, int offset, int most) throws IOException {
        long left = timeoutNanos - (System.nanoTime() - begin);
        if (left <= 0) {
            throw new SocketTimeoutException("no whole answer in time");
        }
        socket.setSoTimeout(Math.clamp(left / NANOS_IN_A_MILLI, 1, Integer.MAX_VALUE));
        int count = input.read(bytes, offset, most);
        if (count < 0) {
            throw new EOFException("the server has ended the connection");
        }
        return count;
    }

    /** Ends the connection; a call that waits fails. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "tier remote: the end of a line", e);
        }
    }
}
