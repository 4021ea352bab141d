package io.github.tmem.tiering.codec;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.api.stats.PoolStats;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One page on its way in, out, or between tiers: its raw bytes, its encoded bytes, and what a directory entry says of
 * them. Belongs to one thread at a time; reused for the next page without allocation.
 *
 * <p>A page of size {@link #AS_IT_IS} is a value of any length: no codec sees it, and only its encoded bytes, which are the
 * value itself, are in use.
 */
public final class PageBuffer {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int UNKNOWN = -1;

    /** In the place of a page size: a value of up to {@link BlobPool#LENGTH_MAX} bytes, kept as it comes. */
    public static final int AS_IT_IS = PoolStats.ANY_LENGTH;

    private final PageCodec[] codecs;
    private final CRC32C crc32c = new CRC32C();
    private int pageSize;
    private byte[] raw = new byte[0];
    private byte[] source = raw;
    private int sourceOffset;
    private byte[] encoded = new byte[0];
    private MemorySegment encodedSegment = MemorySegment.ofArray(encoded);
    private int codec = UNKNOWN;
    private int triedInVain = UNKNOWN;
    private int length;
    private int crc;

    /** A buffer that uses these codecs, by number; they belong to the same thread. */
    public PageBuffer(PageCodec[] codecs) {
        this.codecs = codecs;
    }

    /** Makes room for a page of {@code size} bytes and its encoded form; for a value, which takes room when its length is known. */
    public void prepare(int size) {
        pageSize = size;
        if (raw.length < size) {
            byte[] largerRaw = new byte[size];
            makeRoom(size + size / 128 + 64);
            raw = largerRaw;
        }
        forgetCaller();
        codec = UNKNOWN;
    }

    private void makeRoom(int length) {
        if (encoded.length < length) {
            byte[] longer = new byte[length];
            encodedSegment = MemorySegment.ofArray(longer); // if memory runs out here, both are as before
            encoded = longer;
        }
    }

    /** Makes room for a value, and for those a little longer. */
    private void makeRoomForValue(int length) {
        if (encoded.length < length) {
            makeRoom(Math.max(length, Math.min(2 * encoded.length, BlobPool.LENGTH_MAX)));
        }
    }

    /**
     * Takes a page of the prepared size from a caller. An array is read where it is, until {@link #forgetCaller}: one that
     * another thread writes to meanwhile is stored as some mixture, and harms nothing else. Other memory is copied, and so
     * are values.
     */
    public void load(CallerPage page) {
        if (pageSize == AS_IT_IS) {
            loadValue(page);
            return;
        }
        byte[] array = page.array();
        if (array == null) {
            page.copyTo(raw, pageSize);
        } else {
            source = array;
            sourceOffset = page.offset();
        }
        codec = UNKNOWN;
    }

    private void loadValue(CallerPage value) {
        length = value.length();
        makeRoomForValue(length);
        value.copyTo(encoded, length);
        codec = Codecs.RAW;
        crc = crcOfEncoded();
    }

    /** Lets go of the caller's array (L7). */
    public void forgetCaller() {
        source = raw;
        sourceOffset = 0;
    }

    /** Whether the page needs no copy: one 64-bit word fills it, or it is a value without a byte. */
    public boolean isSameFilled() {
        if (pageSize == AS_IT_IS) {
            return length == 0;
        }
        int from = sourceOffset;
        int to = from + pageSize;
        return Arrays.mismatch(source, from, to - Long.BYTES, source, from + Long.BYTES, to) < 0;
    }

    /** The first 64 bits of the page, in native byte order; 0 of a value, which nothing fills. */
    public long firstWord() {
        return pageSize == AS_IT_IS ? 0 : (long) LONG.get(source, sourceOffset);
    }

    /**
     * Encodes the raw page under the codec {@code wanted}, unless that has been done; a page that does not shrink to 7/8
     * stays raw, and so does every value.
     */
    public void encode(int wanted) {
        if (codec == wanted || (codec == Codecs.RAW && (triedInVain == wanted || pageSize == AS_IT_IS))) {
            return;
        }
        int shrunk = wanted == Codecs.RAW
                ? PageCodec.TOO_LONG
                : codecs[wanted].encode(source, sourceOffset, pageSize, encoded, pageSize - pageSize / 8);
        if (shrunk == PageCodec.TOO_LONG) {
            System.arraycopy(source, sourceOffset, encoded, 0, pageSize);
            codec = Codecs.RAW;
            triedInVain = wanted;
            length = pageSize;
        } else {
            assert shrunk > 0 && shrunk <= pageSize - pageSize / 8 : shrunk;
            codec = wanted;
            length = shrunk;
        }
        crc = crcOfEncoded();
    }

    /** As {@link #encode}, but for a page that is encoded already in a form that is as short: it stays as it is. */
    public void encodeIfShorter(int wanted) {
        int before = codec;
        int lengthBefore = length;
        encode(wanted);
        if (before != UNKNOWN && before != Codecs.RAW && wanted != Codecs.RAW && length >= lengthBefore) {
            encode(before);
        }
    }

    /**
     * Gives the encoded bytes the form of the codec {@code wanted}. Overwrites the raw page.
     *
     * @return false if they are not an encoded page of the prepared size
     */
    public boolean recode(int wanted) {
        if (codec == wanted) {
            return true;
        }
        if (!decode()) {
            return false;
        }
        encode(wanted);
        return true;
    }

    /**
     * The same, unless that form is no shorter: then the encoded bytes are as before. Few pages of real programs are like
     * that, so they are encoded once more, instead of keeping room for two forms of each.
     */
    public boolean recodeIfShorter(int wanted) {
        int before = codec;
        int lengthBefore = length;
        if (!recode(wanted)) {
            return false;
        }
        if (length >= lengthBefore) {
            encode(before);
        }
        return true;
    }

    /** Says what the encoded bytes, which a backend is about to fill in, are supposed to be. */
    public void expect(int expectedCodec, int expectedLength, int expectedCrc) {
        makeRoomForValue(expectedLength); // pages have it
        codec = expectedCodec;
        triedInVain = UNKNOWN;
        length = expectedLength;
        crc = expectedCrc;
    }

    /** Whether the encoded bytes have the checksum expected of them. */
    public boolean isIntact() {
        return crcOfEncoded() == crc;
    }

    /** Decodes the encoded bytes into the raw page; false if they are not an encoded page of the prepared size. */
    public boolean decode() {
        if (pageSize == AS_IT_IS) {
            return codec == Codecs.RAW;
        }
        if (codec == Codecs.RAW) {
            if (length != pageSize) {
                return false;
            }
            System.arraycopy(encoded, 0, raw, 0, pageSize);
            return true;
        }
        return codecs[codec].decode(encoded, length, raw, 0, pageSize) == pageSize;
    }

    /**
     * Decodes encoded bytes that are intact into the caller's memory; false if they are not an encoded page of the
     * prepared size. The raw page in this buffer is undefined afterwards.
     *
     * <p>LZ4 writes straight into a caller's array; any other codec, which might fail although the checksum is right,
     * works in this buffer first, so that the caller's memory stays untouched (L6).
     */
    public boolean decodeTo(CallerPage destination) {
        if (codec == Codecs.RAW && (length == pageSize || pageSize == AS_IT_IS)) {
            destination.copyFrom(encoded, length);
            return true;
        }
        byte[] array = destination.array();
        if (array != null && pageSize != AS_IT_IS && codecs[codec] instanceof Lz4CodecProvider.Lz4 lz4) {
            return lz4.decode(encoded, length, array, destination.offset(), pageSize) == pageSize;
        }
        if (!decode()) {
            return false;
        }
        deliver(destination);
        return true;
    }

    /** Copies the raw page, or the value, into the caller's memory. */
    public void deliver(CallerPage destination) {
        if (pageSize == AS_IT_IS) {
            destination.copyFrom(encoded, length);
        } else {
            destination.copyFrom(raw, pageSize);
        }
    }

    private int crcOfEncoded() {
        crc32c.reset();
        crc32c.update(encoded, 0, length);
        return (int) crc32c.getValue();
    }

    /** The number of the codec of the encoded bytes. */
    public int codec() {
        return codec;
    }

    /** Whether this is a value, which no codec may change. */
    public boolean isAsItIs() {
        return pageSize == AS_IT_IS;
    }

    /** The length of the encoded bytes. */
    public int length() {
        return length;
    }

    /** The CRC32C of the encoded bytes. */
    public int crc() {
        return crc;
    }

    /** The segment that starts with the encoded bytes. */
    public MemorySegment encoded() {
        return encodedSegment;
    }
}
