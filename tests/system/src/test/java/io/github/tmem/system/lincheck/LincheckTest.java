package io.github.tmem.system.lincheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.contract.PoolSort;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every pool is linearizable (L8) on the real chain, while pages move between tiers. In a JVM of its own: before and after
 * each check Lincheck transforms every class that is loaded. For the same reason the everyday form has fewer checks.
 */
@Tag("lincheck")
class LincheckTest {
    private static final int SCENARIOS = Boolean.getBoolean("tmem.stress") ? 30 : 8;

    private static StressOptions options() {
        return new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(3)
                .actorsAfter(3)
                // what a failure leaves behind in the store would make any smaller scenario fail
                .minimizeFailedScenario(false);
    }

    private static void withRoomBelow(Terrain.Shape shape, PoolSort sort) {
        try (Terrain terrain = new Terrain(shape, sort)) {
            options().sequentialSpecification(ExactPages.class).check(PagesScenario.class);
            assertThat(terrain.stats(0).demotedOut()).isPositive();
        }
    }

    private static void withoutRoom(Terrain.Shape shape, PoolSort sort) {
        try (Terrain terrain = new Terrain(shape, sort)) {
            options().verifier(OutcomeVerifier.class).check(PagesScenario.class);
            assertThat(terrain.stats(0).full() + terrain.stats(0).demotedOut()).isPositive();
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

    @ParameterizedTest
    @CsvSource({"EPHEMERAL_EXCLUSIVE", "PERSISTENT_INCLUSIVE"})
    void aPoolThatIsReopenedIsEmptyInOneStep(PoolSort sort) {
        try (Terrain terrain = new Terrain(Terrain.Shape.HEAP_OVER_OFFHEAP, sort)) {
            options().sequentialSpecification(ExactPages.class).check(ReopenScenario.class);
            assertThat(terrain.stats(0).demotedOut()).isPositive();
        }
    }
}
