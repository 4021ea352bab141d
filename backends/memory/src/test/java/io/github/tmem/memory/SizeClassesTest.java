package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeClassesTest {

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 16, 32, 64})
    void everyLengthHasTheSmallestSlotThatHoldsIt(int chunks) {
        SizeClasses classes = classes(chunks);
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
    @ValueSource(ints = {4, 8, 16, 32, 64})
    void slotsAndTheirOwnersFillASlab(int chunks) {
        int slabBytes = Geometry.slabBytes(chunks);
        SizeClasses classes = classes(chunks);
        for (int i = 0; i < classes.count(); i++) {
            int slots = classes.slots(i);
            int taken = slots * (classes.slotBytes(i) + Geometry.OWNER_BYTES);
            assertThat(taken).isBetween(slabBytes - 16 * slots, slabBytes);
            assertThat(classes.slotBytes(i) % 16).isZero();
            assertThat(i == 0 || slots < classes.slots(i - 1)).isTrue();
        }
        assertThat(classes.slots(classes.largest())).isEqualTo(chunks);
    }

    private static SizeClasses classes(int chunks) {
        return new SizeClasses(new Geometry(Geometry.slabBytes(chunks), 1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void roundingCostsLittle(int chunks) {
        SizeClasses classes = classes(chunks);
        double waste = 0;
        int lengths = 0;
        for (int length = 256; length <= 4096; length++, lengths++) {
            int slots = classes.slots(classes.classOf(length));
            waste += 1 - (double) slots * length / Geometry.slabBytes(chunks);
        }
        assertThat(waste / lengths).isLessThan(chunks == 16 ? 0.03 : 0.02);
    }
}
