package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.kit.backend.Fault;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gets, by one and by many, of pages that are at rest, moving, or out of reach: scenarios 11 to 20. */
class GetsTest {

    /** The first get of a private page takes it out of whichever tier has it; the next one misses. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL, modes = GetMode.EXCLUSIVE)
    void S11_aPrivatePageIsGotOnce(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                assertThat(scene.get(0)).isEqualTo(1);
                assertThat(scene.get(0)).isZero();
                assertThat(scene.contains(0)).isFalse();
                scene.settle();
                assertThat(scene.versions(0)).isEmpty();
                assertThat(scene.pool().stats().taken()).isEqualTo(1);
            }
        }
    }

    /** Of two gets that have both read the page one takes it; the other misses. */
    @Scenario(on = Shapes.ALL, modes = GetMode.EXCLUSIVE)
    void S12_ofTwoGetsOneTakesThePage(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                String point = tier + ".get-done";
                scene.gate().shut(point);
                CompletableFuture<Long> one = scene.start(() -> scene.get(0));
                CompletableFuture<Long> other = scene.start(() -> scene.get(0));
                scene.gate().awaitArrivals(point, 2);
                scene.gate().open(point);
                assertThat(List.of(scene.join(one), scene.join(other))).containsExactlyInAnyOrder(0L, 1L);
                scene.settle();
                assertThat(scene.copies()).isZero();
            }
        }
    }

    /** Who shares an ephemeral page gets it as often as anybody likes, and what was got stays longer than what was not. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL, modes = GetMode.INCLUSIVE)
    void S13_aSharedPageStaysAndIsTheFresherForIt(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.putInto(last, 1, 1);
            String point = last + ".get-done";
            scene.gate().shut(point);
            CompletableFuture<Long> one = scene.start(() -> scene.get(0));
            CompletableFuture<Long> other = scene.start(() -> scene.get(0));
            scene.gate().awaitArrivals(point, 2);
            scene.gate().open(point);
            assertThat(List.of(scene.join(one), scene.join(other))).containsExactly(1L, 1L);
            scene.fill(last);
            scene.putInto(last, 2, 1); // one page has to go
            scene.settle();
            assertThat(scene.contains(0)).as("the page that was got").isTrue();
            assertThat(scene.contains(1)).as("the page that was not").isFalse();
            assertThat(scene.get(0)).isEqualTo(1);
        }
    }

    /** A persistent page is there for a thousand gets, in its tier; and has one copy when a get moves it up. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void S14_aPersistentPageSurvivesEveryGet(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            for (int i = 0; i < 1000; i++) {
                assertThat(scene.get(0)).isEqualTo(1);
            }
            assertThat(scene.tierOf(0)).isEqualTo(last);
        }
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.promote(Promotion.ALWAYS))) {
            scene.putInto(last, 0, 1);
            assertThat(scene.get(0)).isEqualTo(1);
            scene.settle();
            assertThat(scene.tierOf(0)).isZero();
            assertThat(scene.versions(0)).containsExactly(1L);
            assertThat(scene.get(0)).isEqualTo(1);
        }
    }

    /** A get that would take the page but cannot deliver it leaves the page. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT, modes = GetMode.EXCLUSIVE)
    void S15_aGetThatCannotDeliverTakesNothing(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                int holder = tier;
                PagePool pool = scene.pool();
                scene.putInto(holder, 0, 1);
                assertThatThrownBy(() -> pool.get(Scene.FILE, 0, new byte[Scene.PAGE - 1]))
                        .isInstanceOf(IllegalArgumentException.class);
                MemorySegment readOnly =
                        MemorySegment.ofArray(new byte[Scene.PAGE]).asReadOnly();
                assertThatThrownBy(() -> pool.get(Scene.FILE, 0, readOnly))
                        .isInstanceOf(IllegalArgumentException.class);
                scene.cutOff(holder);
                assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageUnavailableException.class);
                scene.heal();
                scene.tier(holder).faults().next(Fault.GET_ALTERED); // on its way only
                assertThat(pool.stats().taken()).isZero();
                assertThat(scene.get(0)).isEqualTo(1);
                assertThat(scene.get(0)).isZero();
            }
        }
    }

    /** An ephemeral get that a tier does not answer misses, for good; a persistent one says so, and succeeds later. */
    @Scenario(on = Shapes.ALL)
    void S16_aGetWithoutAnswerIsAMissOrUnavailable(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.cutOff(tier);
                if (kind == PageKind.PERSISTENT) {
                    assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageUnavailableException.class);
                    assertThat(scene.contains(0)).isTrue();
                } else {
                    assertThat(scene.get(0)).isZero();
                    assertThat(scene.contains(0)).isFalse();
                }
                scene.heal();
                assertThat(scene.get(0)).isEqualTo(kind == PageKind.PERSISTENT ? 1 : 0);
            }
        }
    }

    /** A tier that answers again, with the page still in it, does not bring back what was missed. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL)
    void S17_aTierThatIsBackBringsNothingBack(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.cutOff(tier);
                assertThat(scene.get(0)).isZero();
                assertThat(scene.versions(tier, 0)).as("the tier has the page").containsExactly(1L);
                scene.gate().shut(tier + ".flush"); // nor does anybody free it for now
                scene.gate().awaitArrival(tier + ".flush"); // nor is about to
                scene.heal();
                for (int i = 0; i < 3; i++) {
                    assertThat(scene.get(0)).isZero();
                }
                assertThat(scene.versions(tier, 0)).containsExactly(1L);
                scene.gate().open(tier + ".flush");
                scene.putInto(tier, 0, 2);
                assertThat(scene.get(0)).isEqualTo(2);
            }
        }
    }

    /** Whatever a tier answers, a get that does not deliver the page does not touch the buffer. {@code Delivery} looks. */
    @Scenario(
            on = Shapes.ALL,
            points = {"GET_GONE", "GET_UNAVAILABLE", "GET_CORRUPT", "GET_DAMAGED"})
    void S18_aGetThatDoesNotDeliverTouchesNothing(ChainShape shape, PageKind kind, GetMode mode, String fault) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                assertThat(scene.get(0)).isZero();
                scene.putInto(tier, 1, 1);
                assertThat(scene.get(0)).isZero();
                scene.tier(tier).faults().rate(Fault.valueOf(fault), 1000);
                for (int i = 0; i < 2; i++) {
                    if (kind == PageKind.EPHEMERAL) {
                        assertThat(scene.get(1)).isZero();
                    } else {
                        assertThatThrownBy(() -> scene.get(1)).isInstanceOf(TmemException.class);
                    }
                }
            }
        }
    }

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

    /** Two gets that both move the page up deliver it both; of the two copies one stays. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            modes = GetMode.INCLUSIVE,
            points = {"put", "put-done"})
    void S20_ofTwoGetsThatMoveThePageUpOneDoes(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.promote(Promotion.ALWAYS))) {
            scene.putInto(shape.last(), 0, 1);
            String point = "0." + step;
            scene.gate().shutForOne(point);
            CompletableFuture<Long> first = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival(point);
            assertThat(scene.join(scene.start(() -> scene.get(0)))).isEqualTo(1);
            scene.gate().open(point);
            assertThat(scene.join(first)).isEqualTo(1);
            scene.settle();
            assertThat(scene.tierOf(0)).isZero();
            assertThat(scene.versions(0)).containsExactly(1L);
            assertThat(scene.stats(0).promotedIn()).isEqualTo(1);
            assertThat(scene.get(0)).isEqualTo(1);
        }
    }
}
