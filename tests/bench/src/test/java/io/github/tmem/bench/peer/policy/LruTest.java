package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LruTest {
    private final Lru lru = new Lru(10, 3);

    @Test
    void thePageThatWasNotUsedForTheLongestTimeLeaves() {
        List.of(1, 2, 3).forEach(lru::put);
        assertThat(lru.get(1)).isTrue();
        lru.put(4);
        assertThat(lru.get(2)).isFalse();
        lru.put(3); // a put of a page that is there is a use
        lru.put(5);
        assertThat(List.of(1, 3, 4, 5)).filteredOn(lru::get).containsExactly(3, 4, 5);
    }

    @Test
    void aFlushedPageIsGoneAndItsRoomFree() {
        List.of(1, 2, 3).forEach(lru::put);
        lru.flush(2);
        lru.flush(2);
        lru.put(4);
        assertThat(List.of(1, 2, 3, 4)).filteredOn(lru::get).containsExactly(1, 3, 4);
    }
}
