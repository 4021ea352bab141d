package io.github.tmem.bench.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the oracle allows, step by step. */
class GenerationsTest {
    private static final int SLOT = 3;

    private final Generations generations = new Generations(8);

    /** The generations that a get may deliver which begins now and ends at once. */
    private List<Long> allowed() {
        return LongStream.range(0, 10)
                .filter(generation -> generations.allows(SLOT, generations.least(SLOT), generation))
                .boxed()
                .toList();
    }

    @Test
    void nothingBeforeTheFirstPut() {
        assertThat(allowed()).isEmpty();
        assertThat(generations.mayBeThere(SLOT)).isFalse();
        assertThat(generations.beginNew(SLOT)).isEqualTo(1);
        assertThat(allowed()).containsExactly(1L);
        generations.stored(SLOT, 1);
        assertThat(allowed()).containsExactly(1L);
        assertThat(generations.mayBeThere(SLOT)).isTrue();
    }

    @Test
    void aPutUnderWayMayBeSeenOrNot() {
        generations.stored(SLOT, generations.beginNew(SLOT));
        assertThat(generations.beginOver(SLOT)).isEqualTo(2);
        assertThat(allowed()).containsExactly(1L, 2L);
        generations.stored(SLOT, 2);
        assertThat(allowed()).containsExactly(2L);
    }

    @Test
    void nothingComesBackThatWasRefusedFlushedOrMissed() {
        generations.stored(SLOT, generations.beginNew(SLOT));
        generations.beginOver(SLOT);
        generations.gone(SLOT);
        assertThat(allowed()).isEmpty();
        assertThat(generations.mayBeThere(SLOT)).isFalse();
        assertThat(generations.beginOver(SLOT)).isEqualTo(3);
        assertThat(allowed()).containsExactly(3L);
    }

    @Test
    void aGetThatBeganBeforeTheEndOfAPageMayDeliverIt() {
        generations.stored(SLOT, generations.beginNew(SLOT));
        long least = generations.least(SLOT);
        generations.gone(SLOT);
        assertThat(generations.allows(SLOT, least, 1)).isTrue();
        assertThat(allowed()).isEmpty();
    }

    @Test
    void aNewIndexIsToldFromTheOneBefore() {
        assertThat(generations.born(SLOT)).isZero();
        generations.stored(SLOT, generations.beginNew(SLOT));
        generations.stored(SLOT, generations.beginOver(SLOT));
        assertThat(generations.born(SLOT)).isEqualTo(1);
        generations.beginNew(SLOT);
        assertThat(generations.born(SLOT)).isEqualTo(3);
        assertThat(generations.born(SLOT + 1)).isZero();
    }
}
