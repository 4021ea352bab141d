package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link PageCodec} owes, whatever it does with the bytes. The system property {@code tmem.seed} repeats the damage. */
public abstract class CodecContract {
    private static final int PAGE = 4096;
    private static final int MARGIN = 64;
    private static final byte GUARD = 0x5a;
    private static final int DAMAGES = 40_000;
    private static final int CALLS = 200;
    private static final int ROUNDS_MAX = 200;

    private PageCodec codec;

    /** A contract. */
    protected CodecContract() {}

    /** A new codec. */
    protected abstract PageCodec open();

    @BeforeEach
    final void openCodec() {
        codec = open();
    }

    @AfterEach
    final void closeCodec() {
        codec.close();
    }

    /** The buffers of a chain are so much longer than a page. */
    private static byte[] buffer(int pageSize) {
        return new byte[pageSize + pageSize / 128 + 64];
    }

    private static byte[] page(Shape shape, int size) {
        return Pages.make(PageKey.of(1, 1), 1, shape, size);
    }

    /** The encoded form of a page that the codec can shorten. */
    private static byte[] encoded(PageCodec codec, byte[] page) {
        byte[] encoded = buffer(page.length);
        int length = codec.encode(page, 0, page.length, encoded, encoded.length);
        assertThat(length).isBetween(1, encoded.length);
        return Arrays.copyOf(encoded, length);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536, 1 << 20})
    void decodesWhatItEncoded(int size) {
        for (Shape shape : Shape.values()) {
            byte[] page = page(shape, size);
            byte[] among = new byte[size + 2 * MARGIN];
            System.arraycopy(page, 0, among, MARGIN, size);
            byte[] encoded = buffer(size);
            int length = codec.encode(among, MARGIN, size, encoded, encoded.length);
            if (length != PageCodec.TOO_LONG) {
                assertThat(length).isBetween(1, encoded.length);
                assertThat(decode(codec, encoded, length, size)).isEqualTo(page);
                assertThat(encoded(codec, page)).isEqualTo(Arrays.copyOf(encoded, length));
            }
        }
        assertThat(encoded(codec, page(Shape.COMPRESSIBLE, size))).hasSizeLessThan(size * 7 / 8);
    }

    /** Decodes to the middle of an array, of which the rest must stay as it is. Returns null for malformed bytes. */
    private static byte @Nullable [] decode(PageCodec codec, byte[] encoded, int length, int size) {
        byte[] among = new byte[size + 2 * MARGIN];
        Arrays.fill(among, GUARD);
        int decoded = codec.decode(encoded, length, among, MARGIN, size);
        for (int i = 0; i < MARGIN; i++) {
            assertThat(among[i]).as("%d bytes before the page", MARGIN - i).isEqualTo(GUARD);
            assertThat(among[MARGIN + size + i]).as("%d bytes behind it", i).isEqualTo(GUARD);
        }
        assertThat(decoded).isBetween(PageCodec.MALFORMED, size);
        return decoded == PageCodec.MALFORMED ? null : Arrays.copyOfRange(among, MARGIN, MARGIN + decoded);
    }

    @Test
    void keepsWithinTheLimit() {
        byte[] page = page(Shape.COMPRESSIBLE, PAGE);
        int length = encoded(codec, page).length;
        assertThat(codec.encode(page, 0, PAGE, buffer(PAGE), length)).isEqualTo(length);
        assertThat(codec.encode(page, 0, PAGE, buffer(PAGE), length - 1)).isEqualTo(PageCodec.TOO_LONG);
        byte[] noise = Pages.noise(3, PAGE);
        assertThat(codec.encode(noise, 0, PAGE, buffer(PAGE), PAGE * 7 / 8)).isEqualTo(PageCodec.TOO_LONG);
    }

    /** Pages and sizes in between leave nothing behind, and one codec decodes what another encoded. */
    @Test
    void resultsDoNotDependOnWhatCameBefore() {
        byte[] page = page(Shape.COMPRESSIBLE, PAGE);
        byte[] first = encoded(codec, page);
        for (int size = 512; size <= 1 << 20; size *= 8) {
            byte[] other = page(Shape.COMPRESSIBLE, size);
            assertThat(decode(codec, encoded(codec, other), encoded(codec, other).length, size))
                    .isEqualTo(other);
            decode(codec, Pages.noise(size, PAGE), PAGE, PAGE);
        }
        assertThat(encoded(codec, page)).isEqualTo(first);
        try (PageCodec another = open()) {
            assertThat(encoded(another, page)).isEqualTo(first);
            assertThat(decode(another, first, first.length, PAGE)).isEqualTo(page);
        }
    }

    /** A page that is longer than there is room for is no page. */
    @Test
    void aPageOfAnotherSizeIsNotTakenForOne() {
        byte[] encoded = encoded(codec, page(Shape.COMPRESSIBLE, PAGE));
        assertThat(decode(codec, encoded, encoded.length, PAGE - 1)).isNull();
        assertThat(decode(codec, encoded, encoded.length, PAGE / 8)).isNull();
        byte[] whole = decode(codec, encoded, encoded.length, 2 * PAGE);
        assertThat(whole).isEqualTo(page(Shape.COMPRESSIBLE, PAGE));
    }

    /** Whatever the bytes are, nothing is thrown and nothing beside the page is written; afterwards the codec is as before. */
    @Test
    void damagedBytesDoNoHarm() {
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> originals = new ArrayList<>();
        for (int size : new int[] {512, PAGE, 8 * PAGE}) {
            originals.add(encoded(codec, page(Shape.COMPRESSIBLE, size)));
            originals.add(encoded(codec, new byte[size]));
        }
        int noticed = 0;
        for (int i = 0; i < DAMAGES; i++) {
            byte[] damaged = damaged(originals.get(random.nextInt(originals.size())), random);
            noticed += decode(codec, damaged, damaged.length, PAGE) == null ? 1 : 0;
        }
        assertThat(noticed).as("seed %d", seed).isPositive();
        byte[] page = page(Shape.COMPRESSIBLE, PAGE);
        byte[] encoded = encoded(codec, page);
        assertThat(decode(codec, encoded, encoded.length, PAGE)).isEqualTo(page);
    }

    private static byte[] damaged(byte[] original, Random random) {
        byte[] bytes = Arrays.copyOf(original, random.nextInt(8) == 0 ? random.nextInt(2 * PAGE) : original.length);
        switch (random.nextInt(4)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> {
                for (int i = Math.min(bytes.length, 1 + random.nextInt(16)); i > 0; i--) {
                    bytes[i - 1] = (byte) random.nextInt(); // the head, which says what is to come
                }
            }
            default -> {
                for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }

    /** Once compiled, which the last round is. */
    @Test
    void nothingIsAllocatedForAPage() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        byte[] page = page(Shape.COMPRESSIBLE, PAGE);
        byte[] noise = Pages.noise(1, PAGE);
        byte[] encoded = buffer(PAGE);
        byte[] decoded = new byte[PAGE];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS_MAX && least >= CALLS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                codec.encode(noise, 0, PAGE, encoded, PAGE * 7 / 8);
                int length = codec.encode(page, 0, PAGE, encoded, PAGE * 7 / 8);
                codec.decode(encoded, length, decoded, 0, PAGE);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for %d pages", CALLS).isLessThan(CALLS);
        assertThat(decoded).isEqualTo(page);
    }
}
