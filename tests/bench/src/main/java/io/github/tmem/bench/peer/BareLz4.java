package io.github.tmem.bench.peer;

import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * LZ4 alone, used as the store's codec uses it: with native code the compressor that resets its state, and the safe
 * decompressor. Belongs to one thread.
 */
public final class BareLz4 implements AutoCloseable {
    private final LZ4Compressor compressor;
    private final LZ4SafeDecompressor decompressor;
    private final AutoCloseable resource;
    private byte[] scratch = new byte[0];

    /** LZ4 in the fastest form this platform has. */
    public BareLz4() {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        decompressor = factory.safeDecompressor();
        if (implementation().contains("JNI")) {
            var resetting = factory.fastResetCompressor();
            compressor = resetting;
            resource = resetting;
        } else {
            compressor = factory.fastCompressor();
            resource = () -> {};
        }
    }

    /** How LZ4 is built here, for example {@code LZ4Factory:JNI}. */
    public static String implementation() {
        return LZ4Factory.fastestInstance().toString();
    }

    /** Compresses {@code page} into the same memory as every time, and returns the length. */
    public int compressAway(byte[] page) {
        if (scratch.length < compressor.maxCompressedLength(page.length)) {
            scratch = new byte[compressor.maxCompressedLength(page.length)];
        }
        return compressor.compress(page, 0, page.length, scratch, 0, scratch.length);
    }

    /** The page as a tier holds it, in an array of its own: compressed, or as it is if that does not shrink it to 7/8. */
    public byte[] encode(byte[] page) {
        int length = compressAway(page);
        return length > page.length - page.length / 8 ? page.clone() : Arrays.copyOf(scratch, length);
    }

    /** Fills {@code page} from the compressed bytes at {@code offset}, or with the bytes as they are if they are as many. */
    public void decompress(byte[] source, int offset, int length, byte[] page) {
        if (length == page.length) {
            System.arraycopy(source, offset, page, 0, length);
        } else if (decompressor.decompress(source, offset, length, page, 0, page.length) != page.length) {
            throw new IllegalStateException("LZ4 gave back a page of another length");
        }
    }

    @Override
    public void close() {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
