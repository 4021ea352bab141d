package io.github.tmem.kit;

import io.github.tmem.api.ObjectId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes pages that say what they are. Every page carries its key, its version and a checksum of all of its bytes, so that
 * the page of another key, an older version and a page torn between two versions are all recognised by looking at the
 * bytes alone. The bytes depend on nothing but key, version, shape and size.
 *
 * <p>Layout, in little-endian 64-bit words: magic and size, the object's three words, index, version, shape, CRC32C of all
 * other words; then the body. A same-filled page is one word: 16 bits of check, 20 bits of the key's digest, 28 bits of
 * version.
 */
public final class Pages {

    /** The highest version of a {@link Shape#SAME_FILLED} page. */
    public static final long SAME_FILLED_VERSION_MAX = (1L << 28) - 1;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MAGIC = 0x746d_656d_0000_0000L;
    private static final int CHECKSUM_OFFSET = 56;
    private static final int BODY_OFFSET = 64;
    private static final int LINE = 64;
    private static final int NOISE_PER_LINE = 16;

    private Pages() {}

    /**
     * A new page.
     *
     * @param pageSize bytes, a multiple of 64 from 128 up
     */
    public static byte[] make(PageKey key, long version, Shape shape, int pageSize) {
        byte[] page = new byte[pageSize];
        write(page, key, version, shape);
        return page;
    }

    /** Fills {@code page} with the page of this key, version and shape. */
    public static void write(byte[] page, PageKey key, long version, Shape shape) {
        if (shape == Shape.SAME_FILLED) {
            fill(page, sameFilledWord(key, version));
            return;
        }
        WORD.set(page, 0, MAGIC | page.length);
        WORD.set(page, 8, key.object().high());
        WORD.set(page, 16, key.object().middle());
        WORD.set(page, 24, key.object().low());
        WORD.set(page, 32, key.index());
        WORD.set(page, 40, version);
        WORD.set(page, 48, shape == Shape.INCOMPRESSIBLE ? 0L : 1L);
        long seed = digest(key) ^ mix(version);
        if (shape == Shape.INCOMPRESSIBLE) {
            noise(page, BODY_OFFSET, page.length, seed);
        } else {
            for (int line = BODY_OFFSET; line < page.length; line += LINE) {
                noise(page, line, line + NOISE_PER_LINE, seed + line);
                Arrays.fill(page, line + NOISE_PER_LINE, line + LINE, (byte) mix(seed + line));
            }
        }
        WORD.set(page, CHECKSUM_OFFSET, checksum(page));
    }

    /**
     * The version {@code page} carries.
     *
     * @throws AssertionError if the page is not a whole, unaltered page of this key
     */
    public static long version(PageKey key, byte[] page) {
        long first = (long) WORD.get(page, 0);
        if (first != (MAGIC | page.length)) {
            return sameFilledVersion(key, page, first);
        }
        if ((long) WORD.get(page, CHECKSUM_OFFSET) != checksum(page)) {
            throw new AssertionError("page read under " + key + " is torn or altered");
        }
        PageKey found = keyIn(page);
        if (!found.equals(key)) {
            throw new AssertionError("page read under " + key + " belongs to " + found);
        }
        return (long) WORD.get(page, 40);
    }

    /** The key that a whole, unaltered page says it is of; null if {@code bytes} are not such a page, or same-filled. */
    public static @Nullable PageKey key(byte[] bytes) {
        boolean whole = bytes.length > BODY_OFFSET
                && (long) WORD.get(bytes, 0) == (MAGIC | bytes.length)
                && (long) WORD.get(bytes, CHECKSUM_OFFSET) == checksum(bytes);
        return whole ? keyIn(bytes) : null;
    }

    private static PageKey keyIn(byte[] page) {
        return new PageKey(
                ObjectId.of((long) WORD.get(page, 8), (long) WORD.get(page, 16), (long) WORD.get(page, 24)),
                (long) WORD.get(page, 32));
    }

    /** As {@link #version(PageKey, byte[])}. */
    public static long version(PageKey key, MemorySegment page) {
        return version(key, page.toArray(ValueLayout.JAVA_BYTE));
    }

    /** A page of one repeated 64-bit word, which may be any word, zero included. */
    public static byte[] filled(long word, int pageSize) {
        byte[] page = new byte[pageSize];
        fill(page, word);
        return page;
    }

    /** Bytes that no codec makes shorter, the same for the same seed. {@code length} is 0 or above. */
    public static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        noise(bytes, 0, length, seed);
        return bytes;
    }

    /** Scrambles a number: a bijection whose every output bit depends on every input bit (the finalizer of SplitMix64). */
    public static long mix(long number) {
        long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static void noise(byte[] bytes, int from, int to, long seed) {
        long state = seed;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            state += 0x9e3779b97f4a7c15L;
            WORD.set(bytes, at, mix(state));
        }
        long last = mix(state + 0x9e3779b97f4a7c15L);
        for (; at < to; at++, last >>>= 8) {
            bytes[at] = (byte) last;
        }
    }

    private static void fill(byte[] page, long word) {
        for (int at = 0; at < page.length; at += 8) {
            WORD.set(page, at, word);
        }
    }

    private static long digest(PageKey key) {
        long digest = mix(key.object().high() + 1);
        digest = mix(digest ^ key.object().middle());
        digest = mix(digest ^ key.object().low());
        return mix(digest ^ key.index());
    }

    private static long sameFilledWord(PageKey key, long version) {
        if (version < 0 || version > SAME_FILLED_VERSION_MAX) {
            throw new IllegalArgumentException("version " + version + " does not fit into a same-filled page");
        }
        long payload = (digest(key) >>> 44) << 28 | version;
        return mix(payload) >>> 48 << 48 | payload;
    }

    private static long sameFilledVersion(PageKey key, byte[] page, long word) {
        for (int at = 0; at < page.length; at += 8) {
            if ((long) WORD.get(page, at) != word) {
                throw new AssertionError("page read under " + key + " is no page of this kit, or torn");
            }
        }
        long version = word & SAME_FILLED_VERSION_MAX;
        if (word != sameFilledWord(key, version)) {
            throw new AssertionError("same-filled page read under " + key + " belongs to another key, or is altered");
        }
        return version;
    }

    private static long checksum(byte[] page) {
        CRC32C checksum = new CRC32C();
        checksum.update(page, 0, CHECKSUM_OFFSET);
        checksum.update(page, BODY_OFFSET, page.length - BODY_OFFSET);
        return checksum.getValue();
    }
}
