package io.github.tmem.tiering.codec;

import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;
import java.lang.System.Logger.Level;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4JNIFastResetCompressor;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * LZ4 block format through lz4-java: native code where the platform allows it, pure Java otherwise. Which one it is
 * matters threefold for speed, so it is part of {@link #implementation()}.
 */
public final class Lz4CodecProvider implements CodecProvider {
    private static final System.Logger LOG = System.getLogger(Lz4CodecProvider.class.getName());

    private final LZ4Factory factory = LZ4Factory.fastestInstance();

    /** Found by the service loader. */
    public Lz4CodecProvider() {
        if (!isNative()) {
            LOG.log(
                    Level.WARNING,
                    "LZ4 runs in Java ({0}), at about a third of its speed; native access is needed for more",
                    factory);
        }
    }

    @Override
    public String name() {
        return "lz4";
    }

    @Override
    public String implementation() {
        return factory.toString();
    }

    @Override
    public PageCodec open() {
        return isNative()
                ? new Native(factory.fastResetCompressor(), factory.safeDecompressor())
                : new Portable(factory);
    }

    private boolean isNative() {
        return factory.toString().contains("JNI");
    }

    private static int decode(
            LZ4SafeDecompressor decompressor,
            byte[] source,
            int encodedLength,
            byte[] destination,
            int offset,
            int length) {
        try {
            return decompressor.decompress(source, 0, encodedLength, destination, offset, length);
        } catch (LZ4Exception damaged) {
            return PageCodec.MALFORMED;
        }
    }

    private static int withinLimit(int encodedLength, int limit) {
        return encodedLength <= limit ? encodedLength : PageCodec.TOO_LONG;
    }

    /** LZ4, of which is known that it decodes what it encoded. */
    sealed interface Lz4 extends PageCodec {}

    /** Native LZ4 whose state is reset, not rebuilt, for every page: made for small inputs. */
    private record Native(LZ4JNIFastResetCompressor compressor, LZ4SafeDecompressor decompressor) implements Lz4 {
        @Override
        public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
            assert destination.length >= compressor.maxCompressedLength(length) : "a full buffer costs an exception";
            return withinLimit(
                    compressor.compress(source, sourceOffset, length, destination, 0, destination.length), limit);
        }

        @Override
        public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
            return Lz4CodecProvider.decode(decompressor, source, encodedLength, destination, destinationOffset, length);
        }

        @Override
        public void close() {
            compressor.close();
        }
    }

    /** LZ4 in Java. */
    private record Portable(LZ4Factory factory) implements Lz4 {
        @Override
        public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
            return withinLimit(
                    factory.fastCompressor().compress(source, sourceOffset, length, destination, 0, destination.length),
                    limit);
        }

        @Override
        public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
            return Lz4CodecProvider.decode(
                    factory.safeDecompressor(), source, encodedLength, destination, destinationOffset, length);
        }

        @Override
        public void close() {
            // no native memory
        }
    }
}
