package io.github.tmem.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestCacheTest {
    private static final int PAGES = 200;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 199, 200})
    void doesWhatThePlainOneDoes(int capacity) {
        GuestCache guest = new GuestCache(PAGES, capacity);
        PlainGuest plain = new PlainGuest(capacity);
        Random random = new Random(capacity);
        for (int i = 0; i < 20_000; i++) {
            int page = (int) Math.min(PAGES - 1, Math.abs(random.nextGaussian()) * PAGES / 3);
            boolean there = plain.touch(page);
            assertThat(guest.touch(page)).as("access %d", i).isEqualTo(there);
            if (!there) {
                Integer victim = plain.admit(page);
                assertThat(guest.admit(page)).as("victim %d", i).isEqualTo(victim == null ? GuestCache.NONE : victim);
            }
        }
    }

    @Test
    void aSecondTouchProtects() {
        GuestCache guest = new GuestCache(10, 4);
        for (int page = 0; page < 4; page++) {
            assertThat(guest.admit(page)).isEqualTo(GuestCache.NONE);
        }
        assertThat(guest.touch(0)).isTrue();
        assertThat(guest.admit(4)).as("the oldest that was touched once").isEqualTo(1);
        assertThat(guest.touch(2)).isTrue();
        assertThat(guest.touch(3)).isTrue(); // two are active; 0 returns to the inactive list, before 4
        assertThat(guest.admit(5)).isEqualTo(4);
        assertThat(guest.admit(6)).isEqualTo(0);
    }
}
