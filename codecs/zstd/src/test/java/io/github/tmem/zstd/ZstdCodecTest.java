package io.github.tmem.zstd;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.SamplePages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.contract.CodecContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdCodecTest extends CodecContract {
    private static final int PAGE = 4096;
    private static final int BUFFER = PAGE + PAGE / 128 + 64;

    /** The bits of a frame's first byte: its length takes eight bytes, and its window is as long as that. */
    private static final byte LENGTH_OF_EIGHT_BYTES = (byte) 0b1110_0000;

    @Override
    protected PageCodec open() {
        return new ZstdProvider().open();
    }

    @Test
    void isFoundByItsName() {
        assertThat(ServiceLoader.load(CodecProvider.class))
                .filteredOn(provider -> provider.name().equals("zstd"))
                .hasSize(1)
                .allMatch(provider -> provider.implementation().matches("zstd-jni 1\\.[-0-9.]+, level 3"));
    }

    @Test
    void realPagesComeBack() {
        long pages = 0;
        long bytes = 0;
        try (PageCodec codec = open()) {
            byte[] encoded = new byte[BUFFER];
            byte[] decoded = new byte[PAGE];
            for (byte[] page : SamplePages.mixed(PAGE, 3000)) {
                int length = codec.encode(page, 0, PAGE, encoded, BUFFER);
                assertThat(codec.decode(encoded, length, decoded, 0, PAGE)).isEqualTo(PAGE);
                assertThat(decoded).isEqualTo(page);
                pages++;
                bytes += length;
            }
        }
        assertThat(bytes).isLessThan(pages * PAGE * 2 / 3);
    }

    /** A frame with one block, a page of the same byte, that says it is so many bytes long. */
    private static byte[] frameThatSays(long length) {
        int header = PAGE << 3 | 1 << 1 | 1; // length, repeated byte, last
        return ByteBuffer.allocate(13)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(LENGTH_OF_EIGHT_BYTES)
                .putLong(length)
                .put((byte) header)
                .put((byte) (header >> 8))
                .put((byte) (header >> 16))
                .put((byte) 7)
                .array();
    }

    @Test
    void aFrameThatSaysHowLongItIsIsTaken() {
        byte[] frame = frameThatSays(PAGE);
        byte[] page = new byte[PAGE];
        try (PageCodec codec = open()) {
            assertThat(codec.decode(frame, frame.length, page, 0, PAGE)).isEqualTo(PAGE);
        }
        assertThat(page).containsOnly(7);
    }

    /** A frame may say that its page is longer than memory; nobody makes room for that. */
    @ParameterizedTest
    @ValueSource(longs = {PAGE - 1, PAGE + 1, 1L << 31, 1L << 40, Long.MAX_VALUE})
    void aFrameThatSaysItIsHugeIsRefused(long length) {
        byte[] frame = frameThatSays(length);
        try (PageCodec codec = open()) {
            assertThat(codec.decode(frame, frame.length, new byte[PAGE], 0, PAGE))
                    .isEqualTo(PageCodec.MALFORMED);
        }
    }

    /** One block that repeats a byte 128 Ki times takes four bytes, and a frame as many blocks as it likes. */
    @Test
    void aFrameThatUnfoldsToMoreThanAPageIsRefused() {
        ByteBuffer frame = ByteBuffer.allocate(2 + 4 * 1000).order(ByteOrder.LITTLE_ENDIAN);
        frame.put((byte) 0).put((byte) (10 << 3)); // a window of 1 MiB
        for (int i = 0; i < 1000; i++) {
            int header = (128 << 10) << 3 | 1 << 1 | (i == 999 ? 1 : 0); // length, repeated byte, last
            frame.put((byte) header)
                    .put((byte) (header >> 8))
                    .put((byte) (header >> 16))
                    .put((byte) 7);
        }
        byte[] out = new byte[2 * PAGE];
        try (PageCodec codec = open()) {
            assertThat(codec.decode(frame.array(), frame.capacity(), out, 0, PAGE))
                    .isEqualTo(PageCodec.MALFORMED);
        }
        assertThat(Arrays.copyOfRange(out, PAGE, out.length)).containsOnly(0);
    }

    /** Frames of other sorts: one that decoders skip, and the common one, which begins with a magic number. */
    @Test
    void aFrameWithAMagicNumberIsRefused() {
        byte[] page = Pages.make(PageKey.of(1, 1), 1, Shape.COMPRESSIBLE, PAGE);
        byte[] common = Zstd.compress(page);
        byte[] encoded = new byte[BUFFER];
        try (PageCodec codec = open()) {
            assertThat(codec.decode(common, common.length, new byte[PAGE], 0, PAGE))
                    .isEqualTo(PageCodec.MALFORMED);
            int length = codec.encode(page, 0, PAGE, encoded, BUFFER);
            ByteBuffer skipped = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
            skipped.putInt(0x184D2A50).putInt(0).put(encoded, 0, length);
            assertThat(codec.decode(skipped.array(), skipped.capacity(), new byte[PAGE], 0, PAGE))
                    .isEqualTo(PageCodec.MALFORMED);
        }
    }

    @Test
    void aFullDestinationIsNoFailure() {
        try (PageCodec codec = open()) {
            assertThat(codec.encode(Pages.noise(1, PAGE), 0, PAGE, new byte[100], 100))
                    .isEqualTo(PageCodec.TOO_LONG);
        }
    }

    /** Contexts are native memory that no collector gives back. */
    @Test
    void closedCodecsHoldNoMemory() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/statm")));
        byte[] page = Pages.make(PageKey.of(1, 1), 1, Shape.COMPRESSIBLE, PAGE);
        work(100, page);
        long before = residentPages();
        work(2000, page);
        assertThat((residentPages() - before) * 4).as("KiB more than before").isLessThan(64 << 10);
    }

    private void work(int times, byte[] page) {
        byte[] encoded = new byte[BUFFER];
        for (int i = 0; i < times; i++) {
            try (PageCodec codec = open()) {
                int length = codec.encode(page, 0, PAGE, encoded, BUFFER);
                assertThat(codec.decode(encoded, length, new byte[PAGE], 0, PAGE))
                        .isEqualTo(PAGE);
            }
        }
    }

    private static long residentPages() throws IOException {
        return Long.parseLong(
                List.of(Files.readString(Path.of("/proc/self/statm")).split(" ", -1))
                        .get(1));
    }
}
