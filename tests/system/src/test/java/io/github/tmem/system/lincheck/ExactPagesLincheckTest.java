package io.github.tmem.system.lincheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.contract.PoolSort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every pool is linearizable (L8) on the real chain, while pages move between tiers: where there is room below, each key is an
 * exact register. In a JVM of its own: before and after each check Lincheck transforms every class that is loaded, which takes
 * longer each time. For the same reason the everyday form has fewer checks.
 */
@Tag("lincheck")
class ExactPagesLincheckTest {
    private static void withRoomBelow(Terrain.Shape shape, PoolSort sort) {
        try (Terrain terrain = new Terrain(shape, sort)) {
            LincheckOptions.fresh().sequentialSpecification(ExactPages.class).check(PagesScenario.class);
            assertThat(terrain.stats(0).demotedOut()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"HEAP_OVER_OFFHEAP, EPHEMERAL_INCLUSIVE", "HEAP_OVER_OFFHEAP, PERSISTENT_EXCLUSIVE"})
    void withRoomBelowEveryKeyIsAnExactRegister(Terrain.Shape shape, PoolSort sort) {
        withRoomBelow(shape, sort);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAP_OVER_OFFHEAP, EPHEMERAL_EXCLUSIVE",
        "HEAP_OVER_OFFHEAP, PERSISTENT_INCLUSIVE",
        "KEYED_OVER_OFFHEAP, EPHEMERAL_EXCLUSIVE",
        "KEYED_OVER_OFFHEAP, EPHEMERAL_INCLUSIVE",
        "KEYED_OVER_OFFHEAP, PERSISTENT_EXCLUSIVE",
        "KEYED_OVER_OFFHEAP, PERSISTENT_INCLUSIVE"
    })
    @Tag("stress")
    void withRoomBelowEveryOtherShapeToo(Terrain.Shape shape, PoolSort sort) {
        withRoomBelow(shape, sort);
    }

    @ParameterizedTest
    @CsvSource({"EPHEMERAL_EXCLUSIVE", "PERSISTENT_INCLUSIVE"})
    void aPoolThatIsReopenedIsEmptyInOneStep(PoolSort sort) {
        try (Terrain terrain = new Terrain(Terrain.Shape.HEAP_OVER_OFFHEAP, sort)) {
            LincheckOptions.fresh().sequentialSpecification(ExactPages.class).check(ReopenScenario.class);
            assertThat(terrain.stats(0).demotedOut()).isPositive();
        }
    }
}
