package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeClassesTest {

    @ParameterizedTest
    @ValueSource(ints = {16 << 10, 32 << 10, 64 << 10, 128 << 10, 256 << 10})
    void everyLengthHasTheSmallestSlotThatHoldsIt(int slabBytes) {
        SizeClasses classes = new SizeClasses(new Geometry(slabBytes, 1, 1));
        for (int length = 1; length <= SizeClasses.SLOT_MAX; length++) {
            int sizeClass = classes.classOf(length);
            assertThat(classes.slotBytes(sizeClass)).isGreaterThanOrEqualTo(length);
            if (sizeClass > 0) {
                assertThat(classes.slotBytes(sizeClass - 1)).isLessThan(length);
            }
        }
        assertThat(classes.classOf(SizeClasses.SLOT_MAX)).isEqualTo(classes.largest());
    }

    @ParameterizedTest
    @ValueSource(ints = {16 << 10, 32 << 10, 64 << 10, 128 << 10, 256 << 10})
    void slotsAndTheirWordsFillASlab(int slabBytes) {
        Geometry geometry = new Geometry(slabBytes, 1, 1);
        SizeClasses classes = new SizeClasses(geometry);
        for (int i = 0; i < classes.count(); i++) {
            int slots = classes.slots(i);
            int wordsInside = slots > geometry.outerWords() ? 8 * slots : 0;
            int taken = slots * classes.slotBytes(i) + wordsInside;
            assertThat(taken).isBetween(slabBytes - 16 * slots, slabBytes);
            assertThat(classes.slotBytes(i) % 16).isZero();
            assertThat(i == 0 || slots < classes.slots(i - 1)).isTrue();
        }
        assertThat(classes.slots(classes.largest())).isEqualTo(slabBytes / 4096);
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 128 << 10, 256 << 10})
    void roundingCostsLittle(int slabBytes) {
        SizeClasses classes = new SizeClasses(new Geometry(slabBytes, 1, 1));
        double waste = 0;
        int lengths = 0;
        for (int length = 256; length <= 4096; length++, lengths++) {
            int slots = classes.slots(classes.classOf(length));
            waste += 1 - (double) slots * length / slabBytes;
        }
        assertThat(waste / lengths).isLessThan(slabBytes == 64 << 10 ? 0.03 : 0.02);
    }
}
