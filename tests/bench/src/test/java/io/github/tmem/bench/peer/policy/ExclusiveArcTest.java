package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExclusiveArcTest {
    private final ExclusiveArc arc = new ExclusiveArc(4);

    private void put(int... pages) {
        for (int page : pages) {
            arc.put(page);
        }
    }

    @Test
    void aHitRemovesThePage() {
        put(1);
        assertThat(arc.get(1)).isTrue();
        assertThat(arc.get(1)).isFalse();
        assertThat(arc.pages()).isZero();
    }

    @Test
    void theOldestOfTheRecentPagesLeavesFirst() {
        put(1, 2, 3, 4, 5);
        assertThat(arc.pages()).isEqualTo(4);
        assertThat(arc.get(1)).isFalse();
        assertThat(arc.get(2)).isTrue();
    }

    @Test
    void aPageThatWasHandedOverComesBackAsAFrequentOneAndOutlivesAScan() {
        put(1);
        arc.get(1);
        put(1, 10, 11, 12, 13, 14, 15, 16);
        assertThat(arc.get(1)).isTrue();
    }

    @Test
    void missesOnGhostsOfRecentPagesGiveRecentPagesMoreRoom() {
        put(1, 2);
        arc.get(1);
        arc.get(2);
        put(1, 2, 10, 11, 12); // 10 had to leave for 12: the frequent pages 1 and 2 stay
        assertThat(arc.get(10)).isFalse(); // its ghost says that recent pages lack room
        put(10, 13); // 11 had to leave for 10; then one recent page is not too many, and a frequent one leaves
        assertThat(arc.get(1)).isFalse();
        assertThat(arc.get(12)).isTrue();
    }

    @Test
    void aFlushedPageIsGone() {
        put(1);
        arc.flush(1);
        assertThat(arc.get(1)).isFalse();
    }

    @Test
    void neverHoldsMoreThanItsCapacity() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            int page = random.nextInt(12);
            switch (random.nextInt(4)) {
                case 0 -> arc.get(page);
                case 1 -> arc.flush(page);
                default -> arc.put(page);
            }
            assertThat(arc.pages()).isBetween(0, 4);
        }
    }
}
