package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import java.lang.foreign.Arena;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What gets tell the choice of victims: pages that were hit stay, and pages that were missed should have stayed. */
class LearningTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGES = 10;

    @Test
    void aPageThatIsHitOutlivesOneThatIsNot() {
        try (Stage stage = Stage.of(PAGES)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < PAGES; index++) {
                stage.put(pool, FILE, index, 1);
            }
            for (int hits = 0; hits < 2; hits++) {
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            }
            stage.put(pool, FILE, PAGES, 1);
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(pool.contains(FILE, 1)).isFalse();
        }
    }

    /** Whether the pages are of one object, which goes with its last page, or each of its own. */
    enum Objects {
        ONE,
        ONE_FOR_EACH_PAGE
    }

    private enum Gets {
        NONE,
        INTO_ARRAYS,
        INTO_SEGMENTS
    }

    @ParameterizedTest
    @EnumSource
    void newcomersThatAreMissedGetMoreRoom(Objects objects) {
        for (Gets gets : Gets.values()) {
            long learnt = IntStream.range(0, 3)
                    .filter(run ->
                            keepsNewcomers(objects, gets)) // once in some hundred runs a key is taken for another
                    .count();
            assertThat(learnt > 1).as("%s", gets).isEqualTo(gets != Gets.NONE);
        }
    }

    /** Whether, of six newcomers and four pages that were put again, one of the four goes for another page. */
    private static boolean keepsNewcomers(Objects objects, Gets gets) {
        LongFunction<ObjectId> object = index -> objects == Objects.ONE ? FILE : ObjectId.of(100 + index);
        try (Stage stage = Stage.of(PAGES)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            put(stage, pool, object, 0, PAGES + 4);
            miss(pool, object, gets, 0, 4);
            put(stage, pool, object, 0, 4);
            miss(pool, object, gets, 4, 8);
            put(stage, pool, object, 20, 21);
            return IntStream.range(0, 4).anyMatch(index -> !pool.contains(object.apply(index), index));
        }
    }

    private static void put(Stage stage, PagePool pool, LongFunction<ObjectId> object, int from, int to) {
        for (int index = from; index < to; index++) {
            assertThat(stage.put(pool, object.apply(index), index, 1)).isTrue();
        }
    }

    private static void miss(PagePool pool, LongFunction<ObjectId> object, Gets gets, int from, int to) {
        try (Arena arena = Arena.ofConfined()) {
            for (int index = from; index < to && gets != Gets.NONE; index++) {
                boolean hit = gets == Gets.INTO_ARRAYS
                        ? pool.get(object.apply(index), index, new byte[Stage.PAGE])
                        : pool.get(object.apply(index), index, arena.allocate(Stage.PAGE));
                assertThat(hit).as("page %d", index).isFalse();
            }
        }
    }

    @Test
    void whatIsLearntOfAPoolGoesWithIt() {
        try (Stage stage = Stage.of(PAGES)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            put(stage, pool, index -> FILE, 0, 2 * PAGES);
            assertThat(ghostBytes(stage)).isPositive();
            pool.flushObject(FILE);
            assertThat(ghostBytes(stage)).as("it has no page, and is open").isPositive();
            pool.close();
            assertThat(ghostBytes(stage)).isZero();
        }
    }

    private static long ghostBytes(Stage stage) {
        return stage.store().stats().directories().getFirst().ghostBytes();
    }
}
