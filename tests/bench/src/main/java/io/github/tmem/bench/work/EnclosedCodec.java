package io.github.tmem.bench.work;

import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A codec that costs next to nothing: the page begins with the length of its encoded form and that form itself. With it a
 * put is all that a store does beside compression.
 */
public final class EnclosedCodec implements CodecProvider {
    /** The codec's name. */
    public static final String NAME = "enclosed";

    /** For {@link java.util.ServiceLoader}. */
    public EnclosedCodec() {}

    /** A page of {@code size} bytes that encodes to {@code encoded}, or to itself if there is no room for that. */
    public static byte[] enclose(byte[] encoded, int size) {
        if (encoded.length > size - size / 8) {
            byte[] raw = Arrays.copyOf(encoded, size);
            ByteBuffer.wrap(raw).putInt(0, -1);
            return raw;
        }
        return ByteBuffer.allocate(size).putInt(encoded.length).put(encoded).array();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String implementation() {
        return NAME;
    }

    @Override
    public PageCodec open() {
        return new Enclosed();
    }

    private record Enclosed() implements PageCodec {
        @Override
        public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
            int encoded = ByteBuffer.wrap(source, sourceOffset, length).getInt();
            if (encoded < 0 || encoded > limit) {
                return TOO_LONG;
            }
            System.arraycopy(source, sourceOffset + Integer.BYTES, destination, 0, encoded);
            return encoded;
        }

        @Override
        public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
            ByteBuffer.wrap(destination, destinationOffset, length)
                    .putInt(encodedLength)
                    .put(source, 0, encodedLength);
            return length;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
