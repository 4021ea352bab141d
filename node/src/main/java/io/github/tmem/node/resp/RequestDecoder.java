package io.github.tmem.node.resp;

import io.netty.buffer.ByteBuf;

/**
 * Takes requests out of a buffer that grows behind: arrays of bulk strings, or words in one line. It can stop at any byte
 * and go on when more have come, and looks at no byte of an argument's contents. Numbers are those Redis writes: decimal, no
 * sign, no leading zero. Not thread-safe.
 *
 * <p>Nothing is allocated on the word of a length or a count: they are held against what is {@linkplain Admission admitted}
 * as soon as they are read, and the places of arguments are noted as the arguments come.
 */
public final class RequestDecoder {
    private static final int INCOMPLETE = -1;
    private static final int DIGITS_MAX = 9;
    private static final byte TLS_HANDSHAKE = 0x16;

    private enum Part {
        START,
        LENGTH,
        BYTES,
        LINE
    }

    private final Admission admission;
    private final Request request = new Request();
    private Part part = Part.START;
    /** How far the request has been read, from the buffer's reader index. */
    private int at;

    private int missing;
    private int length;
    private int size;
    private boolean complete;

    /** A decoder of requests that are admitted. */
    public RequestDecoder(Admission admission) {
        this.admission = admission;
    }

    /** The request last found. */
    public Request request() {
        return request;
    }

    /**
     * Leaves the request last found behind and looks for the next. The buffer's reader index stays at its start until then.
     * Between two calls the buffer may be another, as long as it begins with the same byte.
     *
     * @return whether there is one; else more bytes are needed. It may have no arguments, and is then to be passed over
     * @throws ProtocolException if there never will be one
     */
    public boolean next(ByteBuf buffer) throws ProtocolException {
        leave(buffer);
        request.in(buffer, buffer.readerIndex());
        if (part == Part.START && !start(buffer)) {
            return false;
        }
        complete = part == Part.LINE ? line(buffer) : arguments(buffer);
        return complete;
    }

    /** Leaves the request last found behind, so that its bytes can be given up. */
    public void leave(ByteBuf buffer) {
        if (complete) {
            buffer.skipBytes(at);
            complete = false;
            part = Part.START;
            at = 0;
            request.shrink();
            request.begin();
        }
    }

    private boolean start(ByteBuf buffer) throws ProtocolException {
        if (!buffer.isReadable()) {
            return false;
        }
        size = 0;
        if (buffer.getByte(buffer.readerIndex()) != '*') {
            part = Part.LINE;
            return true;
        }
        at = 1;
        int count = number(buffer, "invalid multibulk length");
        if (count == INCOMPLETE) {
            at = 0;
            return false;
        }
        if (count > admission.countMax()) {
            throw new ProtocolException("invalid multibulk length");
        }
        missing = count;
        part = Part.LENGTH;
        return true;
    }

    private boolean arguments(ByteBuf buffer) throws ProtocolException {
        while (missing > 0) {
            if (part == Part.LENGTH && !length(buffer)) {
                return false;
            }
            if (buffer.readableBytes() < at + length + 2) {
                return false;
            }
            int end = buffer.readerIndex() + at + length;
            if (buffer.getByte(end) != '\r' || buffer.getByte(end + 1) != '\n') {
                throw new ProtocolException("expected CRLF after a bulk");
            }
            request.add(at, length);
            at += length + 2;
            missing--;
            part = Part.LENGTH;
        }
        return true;
    }

    private boolean length(ByteBuf buffer) throws ProtocolException {
        if (buffer.readableBytes() <= at) {
            return false;
        }
        byte sign = buffer.getByte(buffer.readerIndex() + at);
        if (sign != '$') {
            throw new ProtocolException("expected '$', got '" + (sign > ' ' && sign < 127 ? (char) sign : '?') + "'");
        }
        at++;
        int announced = number(buffer, "invalid bulk length");
        if (announced == INCOMPLETE) {
            at--;
            return false;
        }
        if (announced > admission.lengthMax(request, request.count()) || announced > admission.sizeMax() - size) {
            throw new ProtocolException("invalid bulk length");
        }
        size += announced;
        length = announced;
        part = Part.BYTES;
        return true;
    }

    /** The number up to the end of the line, or {@link #INCOMPLETE}; then the place is where it was. */
    private int number(ByteBuf buffer, String complaint) throws ProtocolException {
        int begin = buffer.readerIndex() + at;
        int readable = buffer.writerIndex() - begin;
        int number = 0;
        int digits = 0;
        while (digits < readable) {
            byte letter = buffer.getByte(begin + digits);
            if (letter == '\r') {
                break;
            }
            if (letter < '0' || letter > '9' || digits == DIGITS_MAX || (digits == 1 && number == 0)) {
                throw new ProtocolException(complaint);
            }
            number = 10 * number + letter - '0';
            digits++;
        }
        if (digits + 2 > readable) {
            return INCOMPLETE;
        }
        if (digits == 0 || buffer.getByte(begin + digits + 1) != '\n') {
            throw new ProtocolException(complaint);
        }
        at += digits + 2;
        return number;
    }

    private boolean line(ByteBuf buffer) throws ProtocolException {
        int begin = buffer.readerIndex();
        int known = Math.min(buffer.readableBytes(), admission.lineMax());
        int end = buffer.indexOf(begin + at, begin + known, (byte) '\n');
        if (end < 0) {
            check(buffer, begin + at, begin + known);
            if (known == admission.lineMax()) {
                throw new ProtocolException("too big inline request");
            }
            at = known;
            return false;
        }
        int last = end > begin && buffer.getByte(end - 1) == '\r' ? end - 1 : end;
        check(buffer, begin, last);
        words(buffer, begin, last);
        at = end + 1 - begin;
        return true;
    }

    /** Text, or the beginning of something else, such as of TLS? A carriage return may come last. */
    private static void check(ByteBuf buffer, int begin, int end) throws ProtocolException {
        for (int i = begin; i < end; i++) {
            byte letter = buffer.getByte(i);
            if (letter == TLS_HANDSHAKE) {
                throw new ProtocolException("this looks like TLS, and the port speaks plain text");
            }
            if ((letter >= 0 && letter < ' ' && letter != '\t' && letter != '\r') || letter == '"' || letter == '\'') {
                throw new ProtocolException("a line of words without quotes, or an array, was expected");
            }
        }
    }

    private void words(ByteBuf buffer, int begin, int end) throws ProtocolException {
        int i = begin;
        while (i < end) {
            int word = i;
            while (i < end && !isBlank(buffer.getByte(i))) {
                i++;
            }
            if (i > word) {
                if (request.count() == admission.countMax()
                        || i - word > admission.lengthMax(request, request.count())) {
                    throw new ProtocolException("too big inline request");
                }
                request.add(word - begin, i - word);
            }
            i++;
        }
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || letter == '\t' || letter == '\r';
    }
}
