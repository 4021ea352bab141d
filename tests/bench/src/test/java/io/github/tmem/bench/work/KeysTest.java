package io.github.tmem.bench.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final int COUNT = 1000;

    @Test
    void everyKeyHasOnePlace() {
        Keys keys = new Keys(COUNT);
        assertThat(IntStream.range(0, keys.places()).map(keys::at))
                .hasSize(COUNT)
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, COUNT).mapToLong(keys::index)).doesNotHaveDuplicates();
        assertThat(IntStream.range(1, COUNT).filter(place -> keys.at(place) == keys.at(place - 1) + 1))
                .as("neighbours in a random order")
                .hasSizeLessThan(20);
    }

    @Test
    void whatLiesInTheOrderOfTheVisitsIsThatOfTheKeys() {
        Keys keys = new Keys(COUNT);
        for (int place = 0; place < keys.places(); place++) {
            assertThat(keys.indexAt(place)).isEqualTo(keys.index(keys.at(place)));
            assertThat(keys.objectAt(place)).isEqualTo(keys.object(keys.at(place)));
            assertThat(keys.absentIndexAt(place)).isNotEqualTo(keys.indexAt(place));
        }
    }

    @Test
    void theOrderIsCutOrRepeatsWithFewerOrMoreVisits() {
        Keys some = new Keys(COUNT, COUNT / 2);
        assertThat(IntStream.range(0, some.places()).map(some::at))
                .hasSize(COUNT / 2)
                .doesNotHaveDuplicates();
        Keys again = new Keys(COUNT, 2 * COUNT);
        assertThat(again.places()).isEqualTo(2 * COUNT);
        for (int place = 0; place < COUNT; place++) {
            assertThat(again.at(place + COUNT)).isEqualTo(again.at(place));
            assertThat(again.indexAt(place + COUNT)).isEqualTo(again.indexAt(place));
        }
    }
}
