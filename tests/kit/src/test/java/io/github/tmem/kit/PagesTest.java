package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PagesTest {

    private static final PageKey KEY = PageKey.of(7, -1);

    @ParameterizedTest
    @EnumSource(Shape.class)
    void carryKeyAndVersion(Shape shape) {
        for (int size = 512; size <= 1 << 20; size *= 2) {
            byte[] page = Pages.make(KEY, 42, shape, size);
            assertThat(Pages.version(KEY, page)).isEqualTo(42);
            assertThat(page).isEqualTo(Pages.make(KEY, 42, shape, size));
            assertThatThrownBy(() -> Pages.version(PageKey.of(7, 0), page)).isInstanceOf(AssertionError.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void showWhereTheyAreTorn(Shape shape) {
        byte[] older = Pages.make(KEY, 1, shape, 4096);
        byte[] newer = Pages.make(KEY, 2, shape, 4096);
        for (int at = 8; at < 4096; at += 8) {
            byte[] torn = newer.clone();
            System.arraycopy(older, at, torn, at, 4096 - at);
            if (!Arrays.equals(torn, newer) && !Arrays.equals(torn, older)) {
                assertThatThrownBy(() -> Pages.version(KEY, torn)).isInstanceOf(AssertionError.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void showEveryAlteredByte(Shape shape) {
        byte[] page = Pages.make(KEY, 3, shape, 512);
        for (int at = 0; at < page.length; at++) {
            page[at] ^= 1;
            assertThatThrownBy(() -> Pages.version(KEY, page)).isInstanceOf(AssertionError.class);
            page[at] ^= 1;
        }
    }

    @Test
    void sayWhoseTheyAreWhileTheyAreWhole() {
        byte[] page = Pages.make(KEY, 3, Shape.INCOMPRESSIBLE, 512);
        assertThat(Pages.key(page)).isEqualTo(KEY);
        page[100] ^= 1;
        assertThat(Pages.key(page)).isNull();
        assertThat(Pages.key(new byte[0])).isNull();
        assertThat(Pages.key(Pages.make(KEY, 3, Shape.SAME_FILLED, 512))).isNull();
    }

    @Test
    void compressAsTheirShapeSays() {
        assertThat(deflated(Pages.make(KEY, 1, Shape.INCOMPRESSIBLE, 4096))).isGreaterThan(4000);
        assertThat(deflated(Pages.make(KEY, 1, Shape.COMPRESSIBLE, 4096))).isBetween(1000, 2000);
        assertThat(deflated(Pages.make(KEY, 1, Shape.SAME_FILLED, 4096))).isLessThan(100);
    }

    @Test
    void samplesAreWholePages() {
        for (int size : new int[] {512, 4096, 65536}) {
            assertThat(SamplePages.mixed(size, 100)).isNotEmpty().allMatch(page -> page.length == size);
        }
    }

    private static int deflated(byte[] page) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(page);
            deflater.finish();
            return deflater.deflate(new byte[2 * page.length]);
        }
    }
}
