package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwedFreesTest {
    private final OwedFrees owed = new OwedFrees();

    private long[] take(int most) {
        long[] locators = new long[most];
        int count = owed.take(locators, new int[most]);
        return java.util.Arrays.copyOf(locators, count);
    }

    @Test
    void theNewestIsTakenFirstAndCountsUntilItIsPaid() {
        assertThat(owed.isAny()).isFalse();
        owed.add(1, 10);
        owed.add(2, 20);
        assertThat(take(1)).containsExactly(2);
        assertThat(owed.size()).isEqualTo(1);
        assertThat(owed.isBeingPaid()).isTrue();
        assertThat(owed.unacknowledged()).isEqualTo(2);
        owed.tried(1);
        assertThat(owed.isBeingPaid()).isFalse();
        assertThat(owed.isAny()).isTrue();
        assertThat(take(5)).containsExactly(1);
        assertThat(owed.size()).isZero();
        assertThat(owed.isAny()).isTrue();
        owed.tried(1);
        assertThat(owed.isAny()).isFalse();
        assertThat(owed.unacknowledged()).isZero();
    }

    @Test
    void aFreeThatFailsComesAfterAllOthers() {
        for (long locator = 1; locator <= 3; locator++) {
            owed.add(locator, 1);
        }
        assertThat(take(1)).containsExactly(3);
        owed.addBack(3, 1);
        assertThat(owed.isBeingPaid()).isFalse();
        assertThat(take(2)).containsExactlyInAnyOrder(1, 2);
        owed.tried(2);
        assertThat(take(1)).containsExactly(3);
    }

    @Test
    void manyAreRememberedToo() {
        for (int i = 0; i < OwedFrees.MANY; i++) {
            owed.add(i, 1);
        }
        assertThat(owed.areMany()).isFalse();
        for (int i = 0; i < OwedFrees.MANY; i++) {
            owed.add(i, 1);
        }
        assertThat(owed.areMany()).isTrue();
        assertThat(owed.unacknowledged()).isEqualTo(2 * OwedFrees.MANY);
    }
}
