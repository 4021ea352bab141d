package io.github.tmem.system.lincheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.contract.PoolSort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As {@link ExactPagesLincheckTest} where there is no room below: any put may be refused and any ephemeral page may vanish, but
 * nothing comes back (L2, L3).
 */
@Tag("lincheck")
class NothingComesBackLincheckTest {
    private static void withoutRoom(Terrain.Shape shape, PoolSort sort) {
        try (Terrain terrain = new Terrain(shape, sort)) {
            LincheckOptions.fresh().verifier(OutcomeVerifier.class).check(PagesScenario.class);
            assertThat(terrain.stats(0).full() + terrain.stats(0).demotedOut()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAP_ALONE, PERSISTENT_INCLUSIVE",
        "KEYED_OVER_HEAP_OVER_OFFHEAP, EPHEMERAL_EXCLUSIVE",
        "KEYED_OVER_HEAP_OVER_OFFHEAP, PERSISTENT_INCLUSIVE",
        "KEYED_ALONE, PERSISTENT_INCLUSIVE"
    })
    void withoutRoomNothingComesBack(Terrain.Shape shape, PoolSort sort) {
        withoutRoom(shape, sort);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAP_ALONE, EPHEMERAL_EXCLUSIVE",
        "HEAP_ALONE, EPHEMERAL_INCLUSIVE",
        "HEAP_ALONE, PERSISTENT_EXCLUSIVE",
        "KEYED_OVER_KEYED, EPHEMERAL_EXCLUSIVE",
        "KEYED_OVER_KEYED, EPHEMERAL_INCLUSIVE",
        "KEYED_OVER_KEYED, PERSISTENT_EXCLUSIVE",
        "KEYED_OVER_KEYED, PERSISTENT_INCLUSIVE",
        "KEYED_ALONE, EPHEMERAL_INCLUSIVE"
    })
    @Tag("stress")
    void withoutRoomNothingComesBackInEveryOtherShape(Terrain.Shape shape, PoolSort sort) {
        withoutRoom(shape, sort);
    }
}
