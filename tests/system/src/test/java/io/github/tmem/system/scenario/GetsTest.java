package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gets, by one and by many, of pages that are at rest, moving, or out of reach: scenarios 11 to 20. */
class GetsTest {

    /** A get of a page on its way down delivers it at every step; once if it takes the page, and then no copy is left. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done", "flush"})
    void S19_aPageOnItsWayDownIsDelivered(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
            assertThat(scene.join(scene.start(() -> scene.get(0)))).isEqualTo(1);
            scene.gate().open(Scene.pointOf(step, 0));
            scene.join(demoting);
            scene.flushFillers();
            List<Long> left = mode == GetMode.EXCLUSIVE ? List.of() : List.of(1L);
            assertThat(scene.get(0)).isEqualTo(left.isEmpty() ? 0 : 1);
            scene.settle();
            assertThat(scene.versions(0)).isEqualTo(left);
        }
    }
}
