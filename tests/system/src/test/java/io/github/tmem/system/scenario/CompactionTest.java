package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.kit.Delivery;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Copies that are moved inside their tier, or taken, while something else happens to their page: scenarios P3 and P4. */
class CompactionTest {

    private static Scene forwarding(ChainShape shape, GetMode mode) {
        return Scene.with(
                shape,
                PageKind.PERSISTENT,
                mode,
                settings -> settings.promote(Promotion.ALWAYS).whenFull(FullAction.FORWARD, FullAction.FORWARD));
    }

    /** A copy is moved to another slab while its page is put anew, or flushed: what came later holds. */
    @Scenario(
            on = Shapes.WITH_LOCAL,
            kinds = PageKind.PERSISTENT,
            points = {"get-done", "put", "put-done"})
    void P03_compactionDoesNotUndoAPut(ChainShape shape, PageKind kind, GetMode mode, String step) {
        for (boolean flushed : List.of(false, true)) {
            try (Scene scene = forwarding(shape, mode)) {
                SparseSlab sparse = new SparseSlab(scene, 0, mode);
                CompletableFuture<Boolean> compacting = sparse.compactUntil(step);
                if (flushed) {
                    assertThat(sparse.pages().flush(Scene.FILE, 0)).isTrue();
                } else {
                    assertThat(SparseSlab.put(sparse.pages(), Scene.key(0), 2)).isTrue();
                }
                scene.gate().open("0." + step);
                assertThat(scene.join(compacting)).isTrue();
                scene.settle();
                assertThat(scene.versions(0)).isEqualTo(flushed ? List.of() : List.of(2L));
                assertThat(Delivery.get(sparse.pages(), Scene.key(0))).isEqualTo(flushed ? 0 : 2);
                assertThat(Delivery.get(sparse.others(), SparseSlab.OTHER)).isEqualTo(1);
            }
        }
    }

    /** A copy is moved to another slab while its page, the same put of it, moves to another tier. */
    @Scenario(
            on = Shapes.LOCAL_BELOW,
            kinds = PageKind.PERSISTENT,
            modes = GetMode.INCLUSIVE,
            points = {"get-done", "put", "put-done"})
    void P04_compactionLooksAtTheWholeNameOfACopy(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = forwarding(shape, mode)) {
            SparseSlab sparse = new SparseSlab(scene, 1, mode);
            CompletableFuture<Boolean> compacting = sparse.compactUntil(step);
            assertThat(Delivery.get(sparse.pages(), Scene.key(0))).isEqualTo(1);
            assertThat(scene.versions(0, 0)).as("moved up").containsExactly(1L);
            scene.gate().open("1." + step);
            assertThat(scene.join(compacting)).isTrue();
            scene.settle();
            assertThat(scene.tierOf(0)).isZero();
            assertThat(Delivery.get(sparse.pages(), Scene.key(0))).isEqualTo(1);
        }
    }

    /** A get that takes a page has read one copy of it, and finds another of the same put: it takes that one. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE, modes = GetMode.EXCLUSIVE)
    void P04_aTakingGetLooksAtTheWholeNameOfACopy(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            scene.gate().shutForOne("0.get-done");
            CompletableFuture<Long> get = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival("0.get-done");
            scene.demote(0);
            scene.gate().open("0.get-done");
            assertThat(scene.join(get)).isEqualTo(1);
            assertThat(scene.get(0)).isZero();
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }
}
