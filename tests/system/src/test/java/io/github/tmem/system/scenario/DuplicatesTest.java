package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.backend.Fault;

/** Puts of a key that is there already, accepted or refused: scenarios 1 to 10. */
class DuplicatesTest {

    /** A put that no tier takes leaves no copy of the older page, in whichever tier that was. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL)
    void S01_aRefusedPutEndsTheOlderPage(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.everywhere(Fault.PUT_DECLINED);
                assertThat(scene.put(0, 2).stored()).isFalse();
                scene.heal();
                assertThat(scene.get(0)).isZero();
                assertThat(scene.contains(0)).isFalse();
                scene.settle();
                assertThat(scene.versions(0)).isEmpty();
            }
        }
    }

    /** A page that moved down and is then put anew above has one copy, and none is left when the newer page is evicted. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S02_aPutAboveEndsTheCopyBelow(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            scene.demote(0);
            assertThat(scene.put(0, 2).stored()).isTrue();
            scene.settle();
            assertThat(scene.tierOf(0)).isZero();
            assertThat(scene.versions(0)).containsExactly(2L);
            scene.fillAll();
            scene.everywhere(Fault.PUT_DECLINED);
            assertThat(scene.put(0, 3).stored()).isFalse();
            scene.heal();
            assertThat(scene.get(0)).isZero();
        }
    }
}
