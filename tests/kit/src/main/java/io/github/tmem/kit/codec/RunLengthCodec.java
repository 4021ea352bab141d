package io.github.tmem.kit.codec;

import io.github.tmem.api.spi.PageCodec;

/** Writes pairs of a count, 1 to 255, and a byte. Keeps no state between calls. */
public final class RunLengthCodec implements PageCodec {

    private static final int RUN_MAX = 255;

    /** A codec. */
    public RunLengthCodec() {}

    @Override
    public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
        int written = 0;
        int at = sourceOffset;
        int end = sourceOffset + length;
        while (at < end) {
            int run = 1;
            while (at + run < end && run < RUN_MAX && source[at + run] == source[at]) {
                run++;
            }
            if (written + 2 > limit) {
                return TOO_LONG;
            }
            destination[written++] = (byte) run;
            destination[written++] = source[at];
            at += run;
        }
        return written == 0 ? TOO_LONG : written;
    }

    @Override
    public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
        if (encodedLength % 2 != 0) {
            return MALFORMED;
        }
        int decoded = 0;
        for (int at = 0; at < encodedLength; at += 2) {
            int run = Byte.toUnsignedInt(source[at]);
            if (run == 0 || decoded + run > length) {
                return MALFORMED;
            }
            for (int i = 0; i < run; i++) {
                destination[destinationOffset + decoded++] = source[at + 1];
            }
        }
        return decoded;
    }

    @Override
    public void close() {}
}
