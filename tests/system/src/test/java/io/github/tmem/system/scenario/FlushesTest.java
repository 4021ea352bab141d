package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.Link;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Ends of pages, by flush, by a put or by eviction, while a copy is on its way or out of reach: scenarios 21 to 30. */
class FlushesTest {

    /** A flush reaches a page at every step of its way from any tier down. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done", "flush"})
    void S21_aFlushReachesAPageOnItsWayDown(ChainShape shape, PageKind kind, GetMode mode, String step) {
        for (int from = 0; from < shape.last(); from++) {
            if (step.equals("flush") && shape.isSlow(from)) {
                continue; // a slow tier frees long after the move
            }
            try (Scene scene = Scene.moving(shape, kind, mode)) {
                scene.putInto(from, 0, 1);
                CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
                assertThat(scene.flush(0)).isTrue();
                assertThat(scene.contains(0)).isFalse();
                assertThat(scene.get(0)).isZero();
                scene.gate().open(Scene.pointOf(step, from));
                scene.join(demoting);
                scene.flushFillers();
                assertThat(scene.get(0)).isZero();
                assertThat(scene.versions(0)).isEmpty();
            }
        }
    }

    /** What was flushed and put anew while the older page moved is the newer page; the older copy that arrives late is nobody's. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done"})
    void S22_thePagePutAfterAFlushOutlivesTheMoveOfTheOlder(
            ChainShape shape, PageKind kind, GetMode mode, String step) {
        for (int from = 0; from < shape.last(); from++) {
            try (Scene scene = Scene.moving(shape, kind, mode)) {
                scene.putInto(from, 0, 1);
                CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
                assertThat(scene.flush(0)).isTrue();
                assertThat(scene.put(0, 2).stored()).isTrue();
                scene.gate().open(Scene.pointOf(step, from));
                scene.join(demoting);
                scene.flushFillers();
                assertThat(scene.versions(0)).containsExactly(2L);
                assertThat(scene.get(0)).isEqualTo(2);
            }
        }
    }

    /** A put during a move of the older page wins: the end of the move does not bring the older page back. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done"})
    void S23_aPutDuringAMoveOfTheOlderPageWins(ChainShape shape, PageKind kind, GetMode mode, String step) {
        for (int from = 0; from < shape.last(); from++) {
            try (Scene scene = Scene.moving(shape, kind, mode)) {
                scene.putInto(from, 0, 1);
                CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
                assertThat(scene.put(0, 2).stored()).isTrue();
                scene.gate().open(Scene.pointOf(step, from));
                scene.join(demoting);
                scene.flushFillers();
                assertThat(scene.versions(0)).containsExactly(2L);
                assertThat(scene.count()).isEqualTo(1);
                assertThat(scene.get(0)).isEqualTo(2);
            }
        }
    }

    /** The free of the older copy, arriving late, twice, and when the newer page is there, leaves that one alone. */
    @Scenario(
            on = Shapes.WITH_REMOTE,
            points = {"FLUSHES_LATE", "ANSWERS_LOST"})
    void S24_aLateFreeOfTheOlderCopySparesTheNewer(ChainShape shape, PageKind kind, GetMode mode, String link) {
        int last = shape.last();
        String point = last + ".flush";
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.remote(last).link(Link.valueOf(link));
            assertThat(scene.flush(0)).isTrue();
            Race.until(() -> scene.stats(last).unanswered() > 0); // the free has been on its way once
            scene.gate().shut(point);
            scene.gate().awaitArrival(point);
            scene.remote(last).link(Link.UP);
            scene.putInto(last, 0, 2);
            scene.remote(last).deliverLateFlushes();
            scene.gate().open(point);
            scene.settle();
            assertThat(scene.versions(last, 0)).containsExactly(2L);
            assertThat(scene.get(0)).isEqualTo(2);
        }
    }

    /** A get that has read a page which is then flushed, put anew and moved down never delivers what it read. */
    @Scenario(on = Shapes.ALL)
    void S25_aLateAnswerIsNotDelivered(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.moving(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                String point = tier + ".get-done";
                scene.gate().shutForOne(point);
                CompletableFuture<Long> reading = scene.start(() -> scene.get(0));
                scene.gate().awaitArrival(point);
                assertThat(scene.flush(0)).isTrue();
                scene.settle();
                assertThat(scene.put(0, 2).stored()).isTrue();
                if (shape.last() > 0) {
                    scene.demote(0);
                }
                scene.gate().open(point);
                long read = scene.join(reading);
                assertThat(read).isIn(0L, 2L);
                boolean taken = read == 2 && mode == GetMode.EXCLUSIVE;
                assertThat(scene.get(0)).isEqualTo(taken ? 0 : 2);
            }
        }
    }

    /** A flush of an object ends its page in every tier, one on its way down and one being put; a page put after it stays. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done"})
    void S26_aFlushOfAnObjectEndsAllThatWasThere(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            for (int tier = 0; tier <= shape.last(); tier++) {
                scene.putInto(tier, tier, 1);
            }
            Underway underway = Underway.in(scene, step);
            assertThat(scene.flushObject()).isEqualTo(shape.last() + 1);
            assertThat(scene.put(60, 1).stored()).isTrue();
            for (int index = 0; index <= shape.last(); index++) {
                assertThat(scene.get(index)).isZero();
            }
            underway.end();
            scene.settle(); // with the fillers: page 60 may be on its way down too, and wants their room there
            scene.flushFillers();
            for (int index = 0; index <= shape.last(); index++) {
                assertThat(scene.versions(index)).isEmpty();
            }
            assertThat(scene.get(Underway.PUT)).isZero();
            assertThat(scene.versions(Underway.PUT)).isEmpty();
            assertThat(scene.count()).isEqualTo(1);
            assertThat(scene.get(60)).isEqualTo(1);
        }
    }

    /** A flush reaches a page that never was in the first tier, or has left it. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"put below", "moved down"})
    void S27_aFlushReachesAPageTheFirstTierDoesNotKnow(ChainShape shape, PageKind kind, GetMode mode, String how) {
        for (int tier = 1; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.moving(shape, kind, mode)) {
                for (boolean wholeObject : List.of(false, true)) {
                    if (how.equals("put below")) {
                        scene.putInto(tier, 0, 1);
                    } else {
                        scene.putInto(tier - 1, 0, 1);
                        scene.demote(0);
                    }
                    assertThat(scene.tierOf(0)).isEqualTo(tier);
                    assertThat(wholeObject ? scene.flushObject() == 1 : scene.flush(0))
                            .isTrue();
                    assertThat(scene.contains(0)).isFalse();
                    assertThat(scene.get(0)).isZero();
                    scene.settle();
                    assertThat(scene.versions(0)).isEmpty();
                }
            }
        }
    }

    /** What is flushed while its tier does not answer stays flushed when it does, and its copy is reclaimed then. */
    @Scenario(
            on = Shapes.ALL,
            points = {"page", "object"})
    void S28_aFlushHoldsForATierOutOfReach(ChainShape shape, PageKind kind, GetMode mode, String what) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.cutOff(tier);
                assertThat(what.equals("page") ? scene.flush(0) : scene.flushObject() == 1)
                        .isTrue();
                assertThat(scene.contains(0)).isFalse();
                assertThat(scene.get(0)).isZero();
                String point = tier + ".flush";
                scene.gate().shut(point);
                scene.gate().awaitArrival(point); // the background, on its way to free the copy once more
                scene.heal();
                assertThat(scene.versions(tier, 0)).as("the tier has the page").containsExactly(1L);
                assertThat(scene.get(0)).isZero();
                scene.putInto(tier, 0, 2);
                scene.gate().open(point);
                scene.settle();
                assertThat(scene.versions(0)).containsExactly(2L);
                assertThat(scene.get(0)).isEqualTo(2);
            }
        }
    }

    /** An ephemeral page that went in the last tier is missed, forgotten, and counted as what it was. */
    @Scenario(
            on = Shapes.ALL,
            kinds = PageKind.EPHEMERAL,
            points = {"evicted by the chain", "gone from the tier"})
    void S29_aPageThatWentBelowIsMissedAndForgotten(ChainShape shape, PageKind kind, GetMode mode, String how) {
        int last = shape.last();
        boolean evicted = how.equals("evicted by the chain");
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            for (int tier = 0; tier < last; tier++) {
                scene.demote(0);
            }
            if (evicted) {
                pushOut(scene, last);
            } else {
                loseCopies(scene, last);
            }
            long countBefore = scene.count();
            assertThat(scene.get(0)).isZero();
            assertThat(scene.contains(0)).isFalse();
            assertThat(scene.count()).isEqualTo(evicted ? countBefore : 0);
            assertThat(scene.stats(last).gone()).isEqualTo(evicted ? 0 : 1);
            assertThat(scene.stats(last).evicted()).isEqualTo(evicted ? 1 : 0);
            assertThat(scene.pool().stats().evicted()).isEqualTo(evicted ? 1 : 0);
            assertThat(scene.pool().stats().dropped()).isEqualTo(evicted ? 0 : 1);
            scene.settle();
            assertThat(scene.versions(0)).isEmpty();
        }
    }

    /** Puts others into the tier of page 0 until it has to go. */
    private static void pushOut(Scene scene, int tier) {
        scene.fill(tier);
        for (int i = 0; i <= 2 * scene.tier(tier).pages() && scene.contains(0); i++) {
            scene.putInto(tier, scene.pool(), Scene.key(100 + i), 1);
        }
        assertThat(scene.contains(0)).as("page 0").isFalse();
    }

    private static void loseCopies(Scene scene, int tier) {
        if (scene.shape().isSlow(tier)) {
            scene.remote(tier).restart(Map.of());
        } else {
            scene.tier(tier).faults().rate(Fault.GET_GONE, 1000);
        }
    }

    /** A get of a page that is evicted meanwhile, and whose room others get, delivers the page or misses. */
    @Scenario(
            on = Shapes.ALL,
            kinds = PageKind.EPHEMERAL,
            points = {"get", "get-done"})
    void S30_aGetOfAPageThatIsEvictedIsRightOrAMiss(ChainShape shape, PageKind kind, GetMode mode, String step) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.with(
                    shape, kind, mode, settings -> settings.whenFull(FullAction.EVICT, FullAction.FORWARD))) {
                scene.putInto(tier, 0, 1);
                String point = tier + "." + step;
                scene.gate().shutForOne(point);
                CompletableFuture<Long> reading = scene.start(() -> scene.get(0));
                scene.gate().awaitArrival(point);
                pushOut(scene, tier);
                scene.gate().open(point);
                assertThat(scene.join(reading)).isIn(0L, 1L); // and Delivery has looked at every byte
                assertThat(scene.get(0)).isZero();
                scene.settle();
                assertThat(scene.versions(0)).isEmpty();
                assertThat(scene.pool().stats().evicted() + scene.pool().stats().taken())
                        .isEqualTo(scene.pool().stats().stored() - scene.count());
            }
        }
    }
}
