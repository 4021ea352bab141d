package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class S3FifoTest {
    private static final int CAPACITY = 10;

    private final S3Fifo cache = new S3Fifo(GetMode.INCLUSIVE, 1_000, CAPACITY);

    /** A key that is remembered until it is used, or too many came after it. */
    private static final class Ghost {
        private final int page;
        private boolean used;

        Ghost(int page) {
            this.page = page;
        }
    }

    /** The paper's algorithm on plain queues, but with the choice of the queue before every step. */
    private static final class PlainS3Fifo {
        private final int capacity;
        private final Deque<Integer> small = new ArrayDeque<>();
        private final Deque<Integer> main = new ArrayDeque<>();
        private final Deque<Ghost> ghosts = new ArrayDeque<>();
        private final Map<Integer, Integer> frequency = new HashMap<>();

        PlainS3Fifo(int capacity) {
            this.capacity = capacity;
        }

        boolean access(int page) {
            if (small.contains(page) || main.contains(page)) {
                frequency.merge(page, 1, (old, one) -> Math.min(3, old + one));
                return true;
            }
            while (small.size() + main.size() == capacity) {
                step();
            }
            frequency.put(page, 0);
            boolean known = ghosts.stream().anyMatch(ghost -> ghost.page == page && !ghost.used);
            ghosts.stream().filter(ghost -> ghost.page == page).forEach(ghost -> ghost.used = true);
            (known ? main : small).addLast(page);
            return false;
        }

        private void step() {
            boolean fromSmall = main.isEmpty() || small.size() >= Math.max(1, capacity / 10);
            int oldest = (fromSmall ? small : main).removeFirst();
            int uses = frequency.getOrDefault(oldest, 0);
            if (fromSmall && uses > 1) {
                frequency.put(oldest, 0);
                main.addLast(oldest);
            } else if (fromSmall) {
                ghosts.addLast(new Ghost(oldest));
                if (ghosts.size() > capacity) {
                    ghosts.removeFirst();
                }
            } else if (uses > 0) {
                frequency.put(oldest, uses - 1);
                main.addLast(oldest);
            }
        }
    }

    private void put(int from, int to) {
        for (int page = from; page < to; page++) {
            cache.put(page);
        }
    }

    private void get(int page, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(cache.get(page)).as("page %d", page).isTrue();
        }
    }

    @Test
    void aNewcomerHasToBeHitTwiceToOutliveAScan() {
        put(0, CAPACITY);
        get(3, 2);
        get(4, 1);
        put(100, 200);
        get(3, 1);
        assertThat(cache.get(4)).isFalse();
    }

    @Test
    void aPageWhoseGhostIsThereGoesToTheMainQueue() {
        put(0, CAPACITY);
        get(9, 2);
        put(100, 112); // 0 to 8 left, and 9 moved on
        assertThat(cache.get(5)).isFalse();
        cache.put(5);
        put(200, 300);
        get(5, 1);
        get(9, 1);
    }

    @Test
    void ghostsGrowOldToo() {
        put(0, CAPACITY + 1); // 0 left
        put(100, 100 + CAPACITY); // and as many after it as there are ghosts
        cache.put(0);
        put(200, 300);
        assertThat(cache.get(0)).isFalse();
    }

    @Test
    void threeHitsAreWorthThreeRoundsOfTheMainQueueAndAFourthNothing() {
        put(0, CAPACITY);
        for (int page = 0; page < CAPACITY; page++) {
            get(page, 2);
        }
        cache.put(100); // all moved on, and 0, without a hit since, left
        cache.put(101); // 100 is the only newcomer, and left
        get(1, 4);
        for (int round = 0; round < 3; round++) {
            assertThat(cache.get(1)).as("round %d", round).isTrue();
        }
        assertThat(cache.get(0)).isFalse();
        assertThat(cache.get(100)).isFalse();
        get(101, 1);
    }

    @Test
    void withExclusiveGetsAPageThatWasHandedOverReturnsToTheMainQueue() {
        S3Fifo exclusive = new S3Fifo(GetMode.EXCLUSIVE, 1_000, CAPACITY);
        exclusive.put(1);
        assertThat(exclusive.get(1)).isTrue();
        assertThat(exclusive.get(1)).as("handed over").isFalse();
        exclusive.put(1);
        exclusive.put(2);
        for (int page = 100; page < 200; page++) {
            exclusive.put(page);
        }
        assertThat(List.of(1, 2)).filteredOn(exclusive::get).containsExactly(1);
    }

    @Test
    void doesWhatThePaperSays() {
        for (int capacity : new int[] {1, 2, 3, 9, 10, 11, 19, 20, 25, 30}) {
            Random random = new Random(capacity);
            S3Fifo real = new S3Fifo(GetMode.INCLUSIVE, 80, capacity);
            PlainS3Fifo plain = new PlainS3Fifo(capacity);
            for (int i = 0; i < 4_000; i++) {
                int page = (int) Math.min(79, Math.abs(random.nextGaussian()) * 25);
                boolean hit = real.get(page);
                assertThat(hit).as("capacity %d, access %d", capacity, i).isEqualTo(plain.access(page));
                if (!hit) {
                    real.put(page);
                }
            }
        }
    }
}
