package io.github.tmem.tiering.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.PageCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageBufferTest {
    private static final int LZ4 = 1;

    private final Codecs codecs = new Codecs(List.of("lz4", "none", "lz4"));
    private final PageCodec[] open = codecs.open();
    private final PageBuffer buffer = new PageBuffer(open);

    @AfterEach
    void close() {
        for (PageCodec codec : open) {
            codec.close();
        }
    }

    private static byte[] text(int size) {
        byte[] page = new byte[size];
        byte[] words = "the quick brown fox jumps over the lazy dog ".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Random random = new Random(size);
        for (int i = 0; i < size; i++) {
            page[i] = random.nextInt(20) == 0 ? (byte) random.nextInt() : words[i % words.length];
        }
        return page;
    }

    private static byte[] noise(int size) {
        byte[] page = new byte[size];
        new Random(size).nextBytes(page);
        return page;
    }

    private byte[] roundTrip(byte[] page, int codec) {
        buffer.prepare(page.length);
        buffer.load(caller(page));
        buffer.encode(codec);
        assertThat(buffer.isIntact()).isTrue();
        int usedCodec = buffer.codec();
        int length = buffer.length();
        int crc = buffer.crc();
        byte[] encoded = buffer.encoded().asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        buffer.prepare(page.length);
        buffer.expect(usedCodec, length, crc);
        MemorySegment.copy(MemorySegment.ofArray(encoded), 0, buffer.encoded(), 0, length);
        assertThat(buffer.isIntact()).isTrue();
        assertThat(buffer.decode()).isTrue();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(page.length);
            buffer.deliver(caller(out));
            byte[] delivered = out.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            assertThat(buffer.decodeTo(caller(out.fill((byte) 7)))).isTrue();
            assertThat(out.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).isEqualTo(delivered);
            byte[] array = new byte[page.length + 300];
            MemorySegment inArray = MemorySegment.ofArray(array).asSlice(200, page.length);
            assertThat(buffer.decodeTo(caller(inArray))).isTrue();
            assertThat(inArray.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).isEqualTo(delivered);
            assertThat(Arrays.copyOf(array, 200)).containsOnly(0);
            assertThat(Arrays.copyOfRange(array, 200 + page.length, array.length))
                    .containsOnly(0);
            return delivered;
        }
    }

    private static CallerPage caller(byte[] page) {
        CallerPage caller = new CallerPage();
        caller.set(page);
        return caller;
    }

    private static CallerPage caller(MemorySegment page) {
        CallerPage caller = new CallerPage();
        caller.set(page);
        return caller;
    }

    @Test
    void pagesComeFromArraysSlicesAndNativeMemory() {
        byte[] page = text(4096);
        byte[] larger = new byte[8192];
        System.arraycopy(page, 0, larger, 123, page.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slice = MemorySegment.ofArray(larger).asSlice(123, 4096);
            MemorySegment outside = arena.allocate(4096).copyFrom(MemorySegment.ofArray(page));
            buffer.prepare(4096);
            buffer.load(caller(page));
            buffer.encode(LZ4);
            int crc = buffer.crc();
            for (MemorySegment source : List.of(slice, slice.asReadOnly(), outside)) {
                buffer.prepare(4096);
                buffer.load(caller(source));
                assertThat(buffer.isSameFilled()).isFalse();
                buffer.encode(LZ4);
                assertThat(buffer.crc()).as("the encoded bytes are the same").isEqualTo(crc);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536, 1 << 20})
    void pagesOfEverySizeSurviveEitherCodec(int size) {
        assertThat(roundTrip(text(size), LZ4)).isEqualTo(text(size));
        assertThat(buffer.codec()).isEqualTo(LZ4);
        assertThat(roundTrip(noise(size), LZ4)).isEqualTo(noise(size));
        assertThat(buffer.codec()).as("noise stays raw").isEqualTo(Codecs.RAW);
        assertThat(buffer.length()).isEqualTo(size);
        assertThat(roundTrip(text(size), Codecs.RAW)).isEqualTo(text(size));
    }

    @Test
    void aPageThatDoesNotShrinkToSevenEighthsStaysRaw() {
        byte[] page = noise(4096);
        Arrays.fill(page, 0, 400, (byte) 1); // about 9/10 of it is noise
        buffer.prepare(4096);
        buffer.load(caller(page));
        buffer.encode(LZ4);
        assertThat(buffer.codec()).isEqualTo(Codecs.RAW);
        Arrays.fill(page, 0, 800, (byte) 1); // about 8/10
        buffer.load(caller(page));
        buffer.encode(LZ4);
        assertThat(buffer.codec()).isEqualTo(LZ4);
        assertThat(buffer.length()).isLessThanOrEqualTo(3584);
    }

    @Test
    void oneBitAnywhereIsNoticed() {
        buffer.prepare(4096);
        buffer.load(caller(text(4096)));
        buffer.encode(LZ4);
        for (int at = 0; at < buffer.length(); at += 17) {
            byte before = buffer.encoded().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at);
            buffer.encoded().set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1 << at % 8));
            assertThat(buffer.isIntact()).isFalse();
            buffer.encoded().set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, before);
        }
        assertThat(buffer.isIntact()).isTrue();
    }

    @Test
    void garbageIsNotDecoded() {
        buffer.prepare(4096);
        buffer.expect(LZ4, 3000, 0);
        MemorySegment.copy(MemorySegment.ofArray(noise(3000)), 0, buffer.encoded(), 0, 3000);
        assertThat(buffer.decode()).isFalse();
        buffer.expect(Codecs.RAW, 3000, 0);
        assertThat(buffer.decode()).as("a raw page of another size").isFalse();
    }

    @Test
    void onlyOneRepeatedWordMakesAPageSameFilled() {
        byte[] page = new byte[4096];
        buffer.prepare(4096);
        buffer.load(caller(page));
        assertThat(buffer.isSameFilled()).isTrue();
        assertThat(buffer.firstWord()).isZero();
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (i % 8);
        }
        buffer.load(caller(page));
        assertThat(buffer.isSameFilled()).isTrue();
        MemorySegment out = MemorySegment.ofArray(new byte[4096]);
        caller(out).fill(buffer.firstWord(), 4096);
        assertThat(out.mismatch(MemorySegment.ofArray(page))).isEqualTo(-1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(4096);
            caller(outside).fill(buffer.firstWord(), 4096);
            assertThat(outside.mismatch(out)).isEqualTo(-1);
        }
        page[4095] ^= 1;
        buffer.load(caller(page));
        assertThat(buffer.isSameFilled()).isFalse();
    }

    @Test
    void nativeLz4IsUsedHere() {
        assertThat(codecs.describe(LZ4)).contains("JNI");
    }
}
