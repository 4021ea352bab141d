package io.github.tmem.bench.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.PageCodec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EnclosedCodecTest {
    private static final int SIZE = 512;

    @Test
    void handsOverWhatThePageEnclosesAndEnclosesItAgain() {
        byte[] encoded = {1, 2, 3, 4, 5};
        byte[] page = EnclosedCodec.enclose(encoded, SIZE);
        try (PageCodec codec = new EnclosedCodec().open()) {
            byte[] out = new byte[SIZE];
            int length = codec.encode(page, 0, SIZE, out, SIZE);
            assertThat(Arrays.copyOf(out, length)).isEqualTo(encoded);
            byte[] back = new byte[SIZE];
            assertThat(codec.decode(out, length, back, 0, SIZE)).isEqualTo(SIZE);
            assertThat(back).isEqualTo(page);
        }
    }

    @Test
    void whatDoesNotFitStaysAsItIs() {
        byte[] page = EnclosedCodec.enclose(new byte[SIZE], SIZE);
        try (PageCodec codec = new EnclosedCodec().open()) {
            assertThat(codec.encode(page, 0, SIZE, new byte[SIZE], SIZE)).isEqualTo(PageCodec.TOO_LONG);
        }
    }
}
