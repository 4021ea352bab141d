package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.Link;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

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

    /** A put that went past the first tier wins over the page in there, and nothing that leaves the first tier later undoes it. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            kinds = PageKind.PERSISTENT,
            points = {"get-done", "put", "put-done"})
    void S03_aPutThatWentBelowWinsOverThePageAbove(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.put(0, 1);
            CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
            scene.putInto(1, 0, 2);
            scene.gate().open(Scene.pointOf(step, 0));
            scene.join(demoting);
            scene.flushFillers();
            assertThat(scene.versions(0)).containsExactly(2L);
            scene.put(1, 1);
            scene.demote(1);
            assertThat(scene.get(0)).isEqualTo(2);
            assertThat(scene.get(1)).isEqualTo(1);
        }
    }

    /** While a tier takes nothing, a put of its page goes elsewhere or is refused; the tier forgets its page all the same. */
    @Scenario(on = Shapes.ALL)
    void S04_aTierThatTakesNothingForgetsThePageItHas(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.put(0, 1);
            scene.tier(0).faults().rate(Fault.PUT_DECLINED, 1000);
            boolean stored = scene.put(0, 2).stored();
            scene.heal();
            assertThat(stored).isEqualTo(shape.last() > 0);
            scene.settle();
            assertThat(scene.versions(0, 0)).isEmpty();
            assertThat(scene.get(0)).isEqualTo(stored ? 2 : 0);
        }
    }

    /** A put that is refused while the tier with the older page cannot be reached ends that page there too. */
    @Scenario(
            on = Shapes.WITH_REMOTE,
            points = {"DOWN", "ANSWERS_LOST", "FLUSHES_LATE"})
    void S05_aRefusedPutEndsThePageOutOfReach(ChainShape shape, PageKind kind, GetMode mode, String link) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            var before = scene.remote(last).contents();
            scene.everywhere(Fault.PUT_DECLINED);
            scene.remote(last).link(Link.valueOf(link));
            assertThat(scene.put(0, 2).stored()).isFalse();
            assertThat(scene.contains(0)).isFalse();
            assertThat(scene.get(0)).isZero();
            scene.gate().shut(last + ".flush");
            scene.gate().awaitArrival(last + ".flush"); // the background, on its way to free the copy once more
            scene.remote(last).restart(before); // it is back, and has forgotten nothing
            assertThat(scene.versions(last, 0)).containsExactly(1L);
            assertThat(scene.get(0)).isZero();
            scene.gate().open(last + ".flush");
            scene.heal();
            scene.settle();
            assertThat(scene.versions(0)).isEmpty();
            assertThat(scene.put(0, 3).stored()).isTrue();
            assertThat(scene.get(0)).isEqualTo(3);
        }
    }

    /** A page that no tier wants for its length is not offered to any; the older one is gone wherever it was. */
    @Scenario(on = Shapes.ALL)
    void S06_aPageThatIsTurnedAwayEndsTheOlderOne(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.lengthMax(Scene.PAGE / 2))) {
                List<SceneTier> above =
                        IntStream.range(0, tier).mapToObj(scene::tier).toList();
                above.forEach(one -> one.door().declineMine());
                byte[] small = Pages.make(Scene.key(0), 1, Shape.COMPRESSIBLE, Scene.PAGE);
                assertThat(scene.pool().put(Scene.FILE, 0, small).stored()).isTrue();
                above.forEach(one -> one.door().declineNobody());
                assertThat(scene.copies(tier)).isEqualTo(1);
                assertThat(scene.put(0, 2).refusal()).isEqualTo(Refusal.DECLINED);
                assertThat(scene.get(0)).isZero();
                assertThat(scene.contains(0)).isFalse();
                scene.settle();
                assertThat(scene.copies()).isZero();
            }
        }
    }

    /** For whichever reason all tiers refuse a put: the older page of its key is gone, wherever it was. */
    @Scenario(
            on = Shapes.ALL,
            points = {"UNAVAILABLE", "FROZEN", "POOR_COMPRESSION", "DECLINED"})
    void S06_everyReasonEndsTheOlderPage(ChainShape shape, PageKind kind, GetMode mode, String reason) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Refusals.scene(shape, kind, mode, Refusal.valueOf(reason))) {
                Refusals.putInto(scene, tier, 0);
                assertThat(scene.copies(tier)).isEqualTo(1);
                Refusals.begin(scene, Refusal.valueOf(reason));
                assertThat(scene.put(0, 2).refusal()).isEqualTo(Refusal.valueOf(reason));
                Refusals.end(scene);
                assertThat(scene.contains(0)).isFalse();
                assertThat(scene.get(0)).isZero();
                scene.settle();
                assertThat(scene.copies()).isZero();
            }
        }
    }

    /** A pool has no pages beyond its last index, as unsigned numbers go, and loses none for being asked for them. */
    @Scenario(on = Shapes.ALL)
    void S06_anIndexBeyondTheLastIsRefused(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool small = scene.open(SceneSettings.pool("small", kind, mode).withIndexes(3));
            assertThat(Scene.put(small, Scene.key(2), 1).stored()).isTrue();
            for (long index : new long[] {3, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
                assertThat(Scene.put(small, Scene.key(index), 1).refusal()).isEqualTo(Refusal.WRONG_INDEX);
                assertThat(Delivery.get(small, Scene.key(index))).isZero();
                assertThat(small.contains(Scene.FILE, index)).isFalse();
                assertThat(small.flush(Scene.FILE, index)).isFalse();
            }
            assertThat(small.stats().refused()).containsExactly(Map.entry(Refusal.WRONG_INDEX, 4L));
            assertThat(Delivery.get(small, Scene.key(2))).isEqualTo(1);
            PagePool large = scene.open(SceneSettings.pool("large", kind, mode).withIndexes(-1));
            assertThat(Scene.put(large, Scene.key(-1), 1).refusal()).isEqualTo(Refusal.WRONG_INDEX);
            assertThat(Scene.put(large, Scene.key(-2), 1).stored()).isTrue();
        }
    }

    /** A put whose answer is lost is refused: the older page is gone, and what was stored unknown to all is reclaimed. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void S07_aPutWhoseAnswerIsLostIsNotCountedTwice(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.remote(last).link(Link.ANSWERS_LOST);
            for (int tier = 0; tier < last; tier++) {
                scene.cutOff(tier);
            }
            assertThat(scene.put(0, 2).stored()).isFalse();
            assertThat(scene.get(0)).isZero();
            scene.heal();
            assertThat(scene.get(0)).isZero();
            scene.putInto(last, 0, 2);
            scene.settle();
            assertThat(scene.versions(0)).containsExactly(2L);
            assertThat(scene.count()).isEqualTo(1);
            assertThat(scene.pool().stats().stored()).isEqualTo(2);
            assertThat(scene.pool().stats().refusedTotal()).isEqualTo(1);
            assertThat(scene.stats(last).usedBytes()).isEqualTo(Scene.PAGE);
        }
    }

    /** A page that went below because the first tier was full has one copy, also when its successor finds room above. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S08_aPutAboveReplacesWhatWasForwarded(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene =
                Scene.with(shape, kind, mode, settings -> settings.whenFull(FullAction.FORWARD, FullAction.FORWARD))) {
            scene.fill(0);
            scene.put(0, 1);
            assertThat(scene.tierOf(0)).isEqualTo(1);
            scene.flushFillers();
            assertThat(scene.put(0, 2).stored()).isTrue();
            scene.settle();
            assertThat(scene.tierOf(0)).isZero();
            assertThat(scene.versions(0)).containsExactly(2L);
            assertThat(scene.flushObject()).isEqualTo(1);
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }

    /** The same bytes again replace the page, whether they need a copy or none; another key with these bytes is another page. */
    @Scenario(on = Shapes.ALL, modes = GetMode.INCLUSIVE)
    void S09_theSameBytesAgainAreAReplacement(ChainShape shape, PageKind kind) {
        byte[] filled = Pages.filled(0x1234_5678_9abc_def0L, Scene.PAGE);
        byte[] found = new byte[Scene.PAGE];
        try (Scene scene = Scene.of(shape, kind, GetMode.INCLUSIVE)) {
            PagePool pool = scene.pool();
            for (int i = 0; i < 4; i++) {
                assertThat(pool.put(Scene.FILE, i & 1, filled).stored()).isTrue();
            }
            assertThat(pool.stats().replaced()).isEqualTo(2);
            assertThat(pool.stats().sameFilled()).isEqualTo(2);
            assertThat(scene.flush(0)).isTrue();
            assertThat(pool.get(Scene.FILE, 1, found)).isTrue();
            assertThat(found).isEqualTo(filled);
            scene.put(1, 7);
            scene.put(1, 7);
            scene.settle();
            assertThat(scene.versions(1)).containsExactly(7L);
            assertThat(pool.stats().sameFilled()).isZero();
            assertThat(pool.put(Scene.FILE, 1, filled).stored()).isTrue();
            scene.settle();
            assertThat(scene.copies()).isZero();
            assertThat(scene.count()).isEqualTo(1);
        }
    }

    /** Of puts that meet before the last room of a tier one gets it; each other is stored below or refused, never both. */
    @Scenario(on = Shapes.ALL)
    void S10_oneOfManyGetsTheLastRoom(ChainShape shape, PageKind kind, GetMode mode) {
        int racers = 4;
        try (Scene scene =
                Scene.with(shape, kind, mode, settings -> settings.whenFull(FullAction.FORWARD, FullAction.FORWARD))) {
            scene.put(100, 1);
            int arriving = shape.isSlow(0) ? 1 : racers; // a remote tier's room is taken before it is asked
            scene.gate().shutFor("0.put", racers);
            List<CompletableFuture<Boolean>> puts = IntStream.range(0, racers)
                    .mapToObj(index -> scene.start(() -> scene.put(index, 1).stored()))
                    .toList();
            Race.until(() -> scene.gate().waiting("0.put")
                            + puts.stream().filter(CompletableFuture::isDone).count()
                    == racers);
            assertThat(scene.gate().waiting("0.put")).isEqualTo(arriving);
            scene.gate().open("0.put");
            List<Boolean> stored = puts.stream().map(scene::join).toList();
            scene.settle();
            assertThat(scene.copies(0)).isEqualTo(2);
            assertThat(stored.stream().filter(one -> one).count()).isEqualTo(shape.last() == 0 ? 1 : racers);
            for (int i = 0; i < racers; i++) {
                assertThat(scene.versions(i)).hasSize(stored.get(i) ? 1 : 0);
                assertThat(scene.get(i)).isEqualTo(stored.get(i) ? 1 : 0);
            }
        }
    }
}
