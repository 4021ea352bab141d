package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.chain.OwedFrees.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OwedFreesTest {
    private final OwedFrees owed = new OwedFrees();

    private void pay(Batch batch, int outcome) {
        Arrays.fill(batch.outcomes(), outcome);
        owed.settle(batch);
    }

    @Test
    void theNewestIsTakenFirstAndCountsUntilItIsPaid() {
        assertThat(owed.isAny()).isFalse();
        owed.add(1, 10);
        owed.add(2, 20);
        Batch newest = owed.take(1);
        assertThat(newest.locators()).containsExactly(2);
        assertThat(newest.isPaid()).isFalse();
        assertThat(owed.size()).isEqualTo(1);
        assertThat(owed.isBeingPaid()).isTrue();
        assertThat(owed.unacknowledged()).isEqualTo(2);
        pay(newest, Outcome.DONE);
        assertThat(newest.isPaid()).isTrue();
        assertThat(newest.paidBytes()).isEqualTo(20);
        assertThat(owed.isBeingPaid()).isFalse();
        assertThat(owed.isAny()).isTrue();
        Batch oldest = owed.take(5);
        assertThat(oldest.locators()).containsExactly(1);
        assertThat(owed.size()).isZero();
        assertThat(owed.isAny()).isTrue();
        pay(oldest, Outcome.GONE);
        assertThat(owed.isAny()).isFalse();
        assertThat(owed.unacknowledged()).isZero();
    }

    @Test
    void aFreeThatFailsComesAfterAllOthers() {
        for (long locator = 1; locator <= 4; locator++) {
            owed.add(locator, (int) locator);
        }
        Batch batch = owed.take(2);
        assertThat(batch.locators()).containsExactly(3, 4);
        batch.outcomes()[1] = Outcome.DONE;
        assertThat(batch.paidBytes()).isEqualTo(4);
        assertThat(batch.isPaid()).isFalse();
        owed.settle(batch);
        assertThat(owed.isBeingPaid()).isFalse();
        Batch others = owed.take(2);
        assertThat(others.locators()).containsExactlyInAnyOrder(1, 2);
        pay(others, Outcome.DONE);
        assertThat(owed.take(5).locators()).containsExactly(3);
    }

    /** Those come back when memory may be short: there is room for them by then. */
    @Test
    void whatIsBeingPaidHasItsRoomAlsoWhenOthersCome() {
        for (long locator = 1; locator <= 64; locator++) {
            owed.add(locator, 1);
        }
        Batch batch = owed.take(60);
        for (long locator = 65; locator <= 200; locator++) {
            owed.add(locator, 1);
        }
        owed.settle(batch);
        assertThat(owed.size()).isEqualTo(200);
        Batch all = owed.take(200);
        assertThat(all.locators())
                .containsExactlyInAnyOrder(LongStream.rangeClosed(1, 200).toArray());
    }

    @Test
    void freesThatFailAgainAndAgainKeepNoneOfTheOthersWaiting() {
        for (long locator = 1; locator <= 200; locator++) {
            owed.add(locator, (int) locator);
        }
        List<Long> paid = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // every third fails each time
            Batch batch = owed.take(10);
            for (int j = 0; j < batch.count(); j++) {
                if (batch.locators()[j] % 3 != 0) {
                    batch.outcomes()[j] = Outcome.DONE;
                    paid.add(batch.locators()[j]);
                }
                assertThat(batch.lengths()[j]).isEqualTo((int) batch.locators()[j]);
            }
            owed.settle(batch);
        }
        assertThat(paid).hasSize(134).doesNotHaveDuplicates();
        Batch rest = owed.take(1000);
        assertThat(LongStream.of(rest.locators()).distinct()).hasSize(66).allMatch(locator -> locator % 3 == 0);
        pay(rest, Outcome.DONE);
        assertThat(owed.isAny()).isFalse();
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
