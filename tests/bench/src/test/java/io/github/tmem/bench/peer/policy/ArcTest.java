package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArcTest {
    private final Arc arc = new Arc(100, 4);

    private void use(int... pages) {
        for (int page : pages) {
            if (!arc.get(page)) {
                arc.put(page);
            }
        }
    }

    private boolean[] there(int... pages) {
        boolean[] there = new boolean[pages.length];
        for (int i = 0; i < pages.length; i++) {
            there[i] = arc.contains(pages[i]);
        }
        return there;
    }

    @Test
    void pagesUsedTwiceOutliveAScan() {
        use(1, 2, 1, 2);
        use(10, 11, 12, 13, 14, 15, 16, 17);
        assertThat(there(1, 2, 16, 17)).containsOnly(true);
        assertThat(arc.pages()).isEqualTo(4);
    }

    @Test
    void withoutAPageUsedTwiceTheOldestLeavesAndNoGhostStays() {
        use(1, 2, 3, 4, 5);
        assertThat(there(2, 3, 4, 5)).containsOnly(true);
        assertThat(arc.get(1)).isFalse();
        use(1); // case IV of the paper: 1 was forgotten, so it is new, and 2 leaves
        assertThat(there(3, 4, 5, 1)).containsOnly(true);
        assertThat(there(2)).containsOnly(false);
        use(6, 7, 8, 9); // it has not been used twice
        assertThat(there(1)).containsOnly(false);
    }

    @Test
    void ghostsOfRecentPagesGiveRecentPagesMoreRoomAndOfFrequentOnesLess() {
        use(1, 2, 1, 2); // frequent: 1, 2
        use(10, 11, 12); // 10 left; its ghost is there
        use(10); // recent pages want 1; of the two recent ones 11 leaves
        assertThat(there(1, 2, 12, 10)).containsOnly(true);
        use(13); // one recent page is what there should be, so a frequent one leaves: 1
        assertThat(there(2, 10, 12, 13)).containsOnly(true);
        use(1); // the ghost of a frequent page: recent ones want nothing now, and 12 leaves
        assertThat(there(2, 10, 13, 1)).containsOnly(true);
    }

    @Test
    void holdsNoMoreThanItsCapacityAlsoWithFlushes() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            int page = random.nextInt(14);
            if (random.nextInt(20) == 0) {
                arc.flush(page);
                assertThat(arc.contains(page)).isFalse();
            } else {
                use(page);
                assertThat(arc.contains(page)).isTrue();
            }
            assertThat(arc.pages()).isBetween(0, 4);
        }
        assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13))
                .filteredOn(arc::contains)
                .hasSize(arc.pages());
    }
}
