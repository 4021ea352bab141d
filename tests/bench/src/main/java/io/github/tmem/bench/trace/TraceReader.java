package io.github.tmem.bench.trace;

import io.github.tmem.node.console.UserMistakeException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads traces: text, compressed with gzip or not, whatever the file is called. Lines that begin with {@code #} are
 * comments; every other line is {@code R} or {@code W}, the first page and the number of consecutive pages.
 */
public final class TraceReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int END = -1;
    private static final int MALFORMED = -2;

    /** How much of a wrong line is quoted, and so kept. */
    private static final int LINE_KEPT = 60;

    private final Path file;
    private final TraceBuilder accesses = new TraceBuilder();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] line = new byte[LINE_KEPT];
    private int position;
    private int limit;
    private int lineLength;
    private int linePosition;
    private long lineNumber;

    private TraceReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a whole trace.
     *
     * @throws UserMistakeException naming the file, and the line if one is wrong
     */
    public static Trace read(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserMistakeException(file + ": is a directory, not a trace");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            return new TraceReader(file).read(unpacked(raw));
        } catch (NoSuchFileException e) {
            throw new UserMistakeException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new UserMistakeException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream unpacked(InputStream raw) throws IOException {
        raw.mark(2);
        int magic = raw.read() << 8 | raw.read();
        raw.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
    }

    private Trace read(InputStream in) throws IOException {
        while (readLine(in)) {
            if (lineLength == 0 || line[0] != '#') {
                takeLine();
            }
        }
        if (accesses.length() == 0) {
            throw new UserMistakeException(file + ": has no accesses");
        }
        return accesses.build(Trace.nameOf(file));
    }

    /** Reads the next line; of a long one the beginning is kept. Returns false at the end of the file. */
    private boolean readLine(InputStream in) throws IOException {
        lineNumber++;
        lineLength = 0;
        int next = next(in);
        if (next == END) {
            return false;
        }
        while (next != END && next != '\n') {
            if (lineLength < LINE_KEPT) {
                line[lineLength] = (byte) next;
            }
            lineLength = Math.min(lineLength + 1, LINE_KEPT + 1);
            next = next(in);
        }
        if (lineLength > 0 && lineLength <= LINE_KEPT && line[lineLength - 1] == '\r') {
            lineLength--;
        }
        return true;
    }

    private int next(InputStream in) throws IOException {
        if (position == limit) {
            limit = in.read(buffer, 0, BUFFER_BYTES);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                return END;
            }
        }
        return buffer[position++] & 0xff;
    }

    private void takeLine() {
        boolean write = lineLength > 0 && line[0] == 'W';
        boolean wellBegun = lineLength > 0 && lineLength <= LINE_KEPT && (write || line[0] == 'R');
        linePosition = 1;
        long first = wellBegun ? number() : MALFORMED;
        long count = first == MALFORMED ? MALFORMED : number();
        if (count < 1 || linePosition != lineLength || first > Long.MAX_VALUE - count) {
            throw new UserMistakeException(file + ":" + lineNumber + ": \"" + quoted()
                    + "\"; allowed: R or W, the first page, the number of pages, for example \"R 4711 8\"");
        }
        if (count > TraceBuilder.LENGTH_MAX - accesses.length()) {
            throw new UserMistakeException(
                    file + ":" + lineNumber + ": more than " + TraceBuilder.LENGTH_MAX + " accesses in one trace");
        }
        accesses.add(first, (int) count, write);
    }

    /** The number after one blank; {@link #MALFORMED} if there is none, or none below 2 to the 63rd. */
    private long number() {
        if (linePosition >= lineLength || line[linePosition] != ' ') {
            return MALFORMED;
        }
        int begin = ++linePosition;
        long value = 0;
        while (linePosition < lineLength && line[linePosition] >= '0' && line[linePosition] <= '9') {
            int digit = line[linePosition++] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return MALFORMED;
            }
            value = value * 10 + digit;
        }
        return linePosition == begin ? MALFORMED : value;
    }

    private String quoted() {
        String text = new String(line, 0, Math.min(lineLength, LINE_KEPT), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?") + (lineLength > LINE_KEPT ? "…" : "");
    }
}
