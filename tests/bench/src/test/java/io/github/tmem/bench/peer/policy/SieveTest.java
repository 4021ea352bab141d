package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SieveTest {
    /** The paper's algorithm on a list, the oldest page first, with the hand as a place in it. */
    private static final class PlainSieve {
        private final int capacity;
        private final List<Integer> queue = new ArrayList<>();
        private final Set<Integer> visited = new HashSet<>();
        private int hand;

        PlainSieve(int capacity) {
            this.capacity = capacity;
        }

        boolean access(int page) {
            if (queue.contains(page)) {
                visited.add(page);
                return true;
            }
            if (queue.size() == capacity) {
                while (visited.remove(queue.get(hand))) {
                    hand = (hand + 1) % capacity;
                }
                queue.remove(/* index */ hand);
                // the hand is at the next younger page now; behind the youngest it begins anew, before the newcomer is
                // there
                hand = hand == queue.size() ? 0 : hand;
            }
            queue.add(page);
            return false;
        }
    }

    @Test
    void theHandPassesOverWhatWasVisitedAndGoesOnFromWhereItIs() {
        Sieve sieve = new Sieve(10, 3);
        List.of(1, 2, 3).forEach(sieve::put);
        assertThat(sieve.get(1)).isTrue();
        sieve.put(4); // passes over 1, and 2 leaves
        sieve.put(5); // 3 leaves
        sieve.put(6); // 4 leaves, though 1 is older: the hand has passed it
        assertThat(List.of(1, 2, 3, 4, 5, 6)).filteredOn(sieve::get).containsExactly(1, 5, 6);
    }

    @Test
    void whenAllWereVisitedTheHandGoesRoundOnce() {
        Sieve sieve = new Sieve(10, 2);
        sieve.put(1);
        sieve.put(2);
        sieve.get(1);
        sieve.get(2);
        sieve.put(3);
        assertThat(List.of(1, 2, 3)).filteredOn(sieve::get).containsExactly(2, 3);
    }

    @Test
    void aFlushedPageIsGoneAndTheHandMovesOn() {
        Sieve sieve = new Sieve(10, 3);
        List.of(1, 2, 3).forEach(sieve::put);
        sieve.get(1);
        sieve.put(4); // the hand is at 3
        sieve.flush(3);
        assertThat(sieve.get(3)).isFalse();
        sieve.put(5);
        sieve.put(6); // 4 leaves
        assertThat(List.of(1, 4, 5, 6)).filteredOn(sieve::get).containsExactly(1, 5, 6);
    }

    @Test
    void doesWhatThePaperSays() {
        for (int capacity = 1; capacity <= 12; capacity++) {
            Random random = new Random(capacity);
            Sieve sieve = new Sieve(40, capacity);
            PlainSieve plain = new PlainSieve(capacity);
            for (int i = 0; i < 3_000; i++) {
                int page = (int) Math.min(39, Math.abs(random.nextGaussian()) * 10);
                boolean hit = sieve.get(page);
                assertThat(hit).as("capacity %d, access %d", capacity, i).isEqualTo(plain.access(page));
                if (!hit) {
                    sieve.put(page);
                }
            }
        }
    }
}
