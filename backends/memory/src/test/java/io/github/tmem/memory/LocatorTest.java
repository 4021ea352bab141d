package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocatorTest {
    private static final int SLAB_LAST = (1 << Locator.SLAB_BITS) - 1;
    private static final int SLOT_LAST = (1 << Locator.SLOT_BITS) - 1;

    @Test
    void locatorsHoldEveryPlace() {
        long place = Locator.placeOf(SLAB_LAST, SLOT_LAST);
        assertThat(Locator.slab(place)).isEqualTo(SLAB_LAST);
        assertThat(Locator.slot(place)).isEqualTo(SLOT_LAST);
        for (int unused = 0; unused <= Locator.UNUSED_MAX; unused++) {
            long locator = Locator.of(place, -1, Locator.GENERATIONS - 1, unused);
            assertThat(locator).isNotNegative();
            assertThat(Locator.place(locator)).isEqualTo(place);
            assertThat(Locator.unused(locator)).isEqualTo(unused);
        }
        assertThat(Locator.slab(Locator.place(-1))).isGreaterThan(SLAB_LAST);
    }

    /** Owners that count up, as in a row of puts, must not meet the generations in step. */
    @Test
    void namesOfOneSlotComeBackLate() {
        int all = Locator.GENERATIONS << Locator.OWNER_BITS;
        Set<Long> locators = HashSet.newHashSet(all);
        int generation = 0;
        for (int owner = 0; owner < all; owner++) {
            if (!locators.add(Locator.of(7, owner, generation, 10))) {
                throw new AssertionError("owner " + owner + " got a name a second time");
            }
            generation = Locator.nextGeneration(generation);
        }
        assertThat(generation).isZero();
    }

    @Test
    void tagsTellTheStateAndTheGeneration() {
        for (int generation = 0; generation < Locator.GENERATIONS; generation++) {
            for (int state : new int[] {Tag.FULL, Tag.PADDED, Tag.HEAD}) {
                int tag = Tag.of(state, generation);
                assertThat(tag).isBetween(0, 255).isNotIn(Tag.FREE, Tag.CHUNK);
                assertThat(Tag.state(tag)).isEqualTo(state);
                assertThat(Tag.generation(tag)).isEqualTo(generation);
                assertThat(Tag.isStart(tag)).isTrue();
                assertThat(Tag.isChained(tag)).isEqualTo(state == Tag.HEAD);
            }
        }
        assertThat(Tag.isChained(Tag.CHUNK)).isTrue();
        assertThat(Tag.isStart(Tag.CHUNK)).isFalse();
        assertThat(Tag.isStart(Tag.FREE)).isFalse();
        assertThat(Tag.isChained(Tag.FREE)).isFalse();
    }
}
