package io.github.tmem.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.tmem.api.spi.PageCodec;

/** One compression and one decompression context, used for page after page. */
final class ZstdCodec implements PageCodec {
    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();

    ZstdCodec(int level) {
        compressor
                .setLevel(level)
                .setMagicless(true)
                .setContentSize(false)
                .setChecksum(false)
                .setDictID(false);
        decompressor.setMagicless(true);
    }

    /** Uses the whole destination, because a full one costs an exception. */
    @Override
    public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
        try {
            int encoded =
                    compressor.compressByteArray(destination, 0, destination.length, source, sourceOffset, length);
            return encoded <= limit ? encoded : TOO_LONG;
        } catch (ZstdException full) {
            return TOO_LONG;
        }
    }

    /** Writes no byte outside of the given part of the destination, whatever length a frame says it has. */
    @Override
    public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
        try {
            return decompressor.decompressByteArray(destination, destinationOffset, length, source, 0, encodedLength);
        } catch (ZstdException damaged) {
            if (damaged.getErrorCode() == Zstd.errMemoryAllocation()) { // says nothing about the page
                throw new OutOfMemoryError(damaged.getMessage());
            }
            return MALFORMED;
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
