package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Tiers that come, go and change while the store runs: scenarios 4, 38, 39, 41 and 42. */
class LiveTiersTest {
    private static final PageKey OTHER = new PageKey(ObjectId.of(2), 0);

    /** The thread that asks for a change, and what came of it. */
    private static final class Change {
        private final AtomicReference<Evacuated> result = new AtomicReference<>();
        private final Thread thread;

        Change(Supplier<Evacuated> task) {
            thread = Thread.ofPlatform().daemon().start(() -> result.set(task.get()));
        }

        /** Waits until the change waits for operations, which it has to. */
        void awaitWaiting() {
            Race.until(() -> !thread.isAlive() || Background.waitsForOperations(thread));
            assertThat(thread.isAlive()).as("the change waits").isTrue();
        }

        Evacuated join() {
            Race.until(() -> !thread.isAlive());
            return result.get();
        }
    }

    /** A page of a tier that is frozen is not served any more once a put came over it, nor after the tier takes pages again. */
    @Scenario(on = Shapes.ALL)
    void S04_aTierThatIsFrozenAndThawedBringsNothingOlderBack(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
                scene.putInto(tier, 0, 1);
                scene.putInto(tier, 1, 1);
                scene.chain().freeze(scene.name(tier));
                assertThat(scene.stats(tier).state()).isEqualTo(TierState.FROZEN);
                boolean stored = scene.put(0, 2).stored();
                assertThat(stored).isEqualTo(shape.last() > 0);
                scene.settle();
                assertThat(scene.versions(tier, 0)).isEmpty();
                assertThat(scene.put(2, 1).refusal()).isEqualTo(shape.last() > 0 ? null : Refusal.FROZEN);
                scene.chain().thaw(scene.name(tier));
                assertThat(scene.get(0)).isEqualTo(stored ? 2 : 0);
                assertThat(scene.get(1)).as("a page of the frozen tier").isEqualTo(1);
                scene.putInto(tier, 3, 1);
                assertThat(scene.get(3)).isEqualTo(1);
            }
        }
    }

    /** When freeze returns, no put that began before is about to store its page there. */
    @Scenario(on = Shapes.ALL)
    void S04_freezeWaitsForThePutsUnderWay(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            scene.gate().shutForOne("0.put");
            CompletableFuture<Boolean> put = scene.start(() -> scene.put(0, 1).stored());
            scene.gate().awaitArrival("0.put");
            Change freeze = new Change(() -> {
                scene.chain().freeze(scene.name(0));
                return new Evacuated(End.COMPLETE, 0, 0, 0);
            });
            freeze.awaitWaiting();
            scene.gate().open("0.put");
            assertThat(scene.join(put)).isTrue();
            freeze.join();
            assertThat(scene.versions(0, 0)).containsExactly(1L);
            scene.put(1, 1);
            assertThat(scene.versions(0, 1)).isEmpty();
        }
    }

    /** What leaves a tier passes one that is frozen by, and stays in the chain. */
    @Scenario(on = Shapes.THREE_TIERS)
    void S04_pagesMoveAroundATierThatIsFrozen(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.chain().freeze(scene.name(1));
            for (int index = 0; index < 2 * scene.tier(0).pages(); index++) {
                scene.put(index, 1);
            }
            scene.settle();
            assertThat(scene.copies(1)).isZero();
            if (kind == PageKind.PERSISTENT || !shape.isSlow(2)) { // else only the background moves them
                assertThat(scene.copies(2)).as("pages that gave way").isPositive();
                assertThat(scene.stats(0).evicted()).as("with room below").isZero();
            }
        }
    }

    /** Pools that are open, and those that came or went while it was attached, use a tier like any other. */
    @Scenario(on = Shapes.ALL)
    void S38_aTierThatIsAttachedServesThePoolsThereAre(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            PagePool early = scene.open(kind, mode);
            PagePool ended = scene.open(kind, mode);
            scene.putInto(0, 0, 1);
            scene.putInto(0, ended, OTHER, 1);
            String name = ended.name();
            ended.close();
            int late = scene.attach(TierSort.OFFHEAP);
            PagePool reopened = scene.open(SceneSettings.pool(name, kind, mode));
            assertThat(Delivery.get(reopened, OTHER)).isZero();
            assertThat(scene.chain().tiers()).endsWith(scene.name(late));
            scene.putInto(late, 1, 2);
            scene.putInto(late, early, new PageKey(ObjectId.of(3), 0), 3);
            scene.putInto(late, reopened, OTHER, 4);
            assertThat(scene.get(0)).isEqualTo(1);
            assertThat(scene.get(1)).isEqualTo(2);
            assertThat(Delivery.get(early, new PageKey(ObjectId.of(3), 0))).isEqualTo(3);
            assertThat(Delivery.get(reopened, OTHER)).isEqualTo(4);
        }
    }

    /** A tier goes when its pages have, and not before the last operation in it has ended. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S39_aTierIsDetachedOnceNobodyIsInIt(ChainShape shape, PageKind kind, GetMode mode) {
        for (int away = 0; away <= shape.last(); away++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
                int tier = away;
                for (int index = 0; index < 4; index++) {
                    scene.putInto(tier, index, 1);
                }
                scene.gate().shutForOne(tier + ".get");
                CompletableFuture<Long> get = scene.start(() -> scene.get(0));
                scene.gate().awaitArrival(tier + ".get");
                Change detach = new Change(() -> scene.chain().detach(scene.name(tier)));
                detach.awaitWaiting();
                scene.gate().open(tier + ".get");
                assertThat(scene.join(get)).isEqualTo(1);
                Evacuated evacuated = detach.join();
                assertThat(evacuated.isComplete()).isTrue();
                assertThat(evacuated.moved() + evacuated.dropped()).isBetween(3L, 4L);
                assertThat(scene.chain().tiers()).doesNotContain(scene.name(tier));
                for (int index = 1; index < 4; index++) {
                    if (kind == PageKind.PERSISTENT) {
                        assertThat(scene.get(index)).isEqualTo(1);
                    } else {
                        assertThat(scene.get(index)).isBetween(0L, 1L);
                    }
                    scene.put(index, 2);
                    scene.flush(index);
                }
            }
        }
    }

    /** Persistent pages that fit nowhere else keep their tier, which takes pages as before. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.PERSISTENT)
    void S39_aTierWhosePagesFitNowhereStays(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.fillAll();
            long pages = scene.pool().pageCount();
            for (int tier = 0; tier <= shape.last(); tier++) {
                String name = scene.name(tier);
                if (shape.last() == 0) {
                    assertThatThrownBy(() -> scene.chain().detach(name))
                            .isInstanceOf(ConfigException.class)
                            .hasMessageContaining("only tier");
                } else {
                    assertThat(scene.chain().detach(name).end()).isEqualTo(End.NO_ROOM);
                }
                assertThat(scene.chain().drain(name).end()).isEqualTo(End.NO_ROOM);
                assertThat(scene.stats(tier).state()).isEqualTo(TierState.OPEN);
                assertThat(scene.pool().pageCount()).isEqualTo(pages);
            }
            scene.flushFillers();
            scene.put(0, 1);
            assertThat(scene.get(0)).isEqualTo(1);
        }
    }

    /** Ephemeral pages elsewhere make room for the persistent pages of a tier that is drained. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.PERSISTENT)
    void S39_persistentPagesOfADrainedTierTakeTheRoomOfEphemeralOnes(ChainShape shape, PageKind kind, GetMode mode) {
        for (int drained = 0; drained <= shape.last() && shape.last() > 0; drained++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(drained, 0, 1);
                PagePool cache = scene.open(PageKind.EPHEMERAL, GetMode.INCLUSIVE);
                for (int index = 0; index < 60; index++) {
                    Scene.put(cache, new PageKey(ObjectId.of(4), index), 1);
                }
                assertThat(scene.chain().drain(scene.name(drained)).isComplete())
                        .isTrue();
                assertThat(scene.stats(drained).persistentPages()).isZero();
                assertThat(scene.get(0)).isEqualTo(1);
            }
        }
    }

    /** The ephemeral pages that make room for those of a drained tier make others go farther down. */
    @Scenario(on = Shapes.LOCAL_BELOW, kinds = PageKind.PERSISTENT)
    void S39_roomForADrainedTierIsMadeAllTheWayDown(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.attach(TierSort.OFFHEAP);
            int pages = scene.tier(0).pages();
            for (int index = 0; index < pages; index++) {
                scene.putInto(0, index, 1);
            }
            PagePool cache = scene.open(PageKind.EPHEMERAL, GetMode.INCLUSIVE);
            for (int index = 0; index < 100; index++) {
                Scene.put(cache, new PageKey(ObjectId.of(4), index), 1);
            }
            assertThat(scene.chain().drain(scene.name(0)).isComplete()).isTrue();
            for (int index = 0; index < pages; index++) {
                assertThat(scene.get(index)).isEqualTo(1);
            }
        }
    }

    /** Who hears of the progress may end a drain; nothing is lost by that, and the tier takes pages again. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S39_aDrainThatIsCancelledLeavesTheTierAsItWas(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            int tier = shape.last();
            for (int index = 0; index < 4; index++) {
                scene.putInto(tier, index, 1);
            }
            List<Long> heard = new ArrayList<>();
            Evacuated drained = scene.chain().drain(scene.name(tier), (gone, left) -> {
                heard.add(gone);
                assertThat(gone + left).isEqualTo(4);
                return gone < 2;
            });
            assertThat(drained.end()).isEqualTo(End.CANCELLED);
            assertThat(drained.left()).isEqualTo(2);
            assertThat(heard).containsExactly(1L, 2L);
            assertThat(scene.stats(tier).state()).isEqualTo(TierState.OPEN);
            if (kind == PageKind.PERSISTENT) {
                assertThat(LongStream.range(0, 4).map(scene::get)).containsOnly(1L);
            }
        }
    }

    /** A tier that goes, and one that comes in its place, know nothing of each other's pages. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S41_aTierInThePlaceOfAnotherBringsNothingBack(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            for (int index = 0; index < 3; index++) {
                scene.putInto(last, index, 1);
            }
            assertThat(scene.chain().detach(scene.name(last)).isComplete()).isTrue();
            boolean stored = scene.put(0, 2).stored();
            boolean flushed = scene.flush(1);
            assertThat(flushed || kind == PageKind.EPHEMERAL).isTrue();
            int late = scene.attach(TierSort.OFFHEAP);
            assertThat(scene.copies(late)).isZero();
            assertThat(scene.contains(1)).isFalse();
            scene.putInto(late, 1, 3);
            assertThat(scene.get(0)).isEqualTo(stored ? 2 : 0);
            assertThat(scene.get(1)).isEqualTo(3);
        }
    }

    /** After a change of the codec copies are read as they were made, and new ones are made as is said now. */
    @Scenario(on = Shapes.ALL)
    void S42_aCodecThatChangesIsForCopiesToCome(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            int last = shape.last();
            List<String> codecs = List.of("none", "test-runs", "lz4");
            for (int i = 0; i < codecs.size(); i++) {
                scene.putInto(last, 2L * i, 1);
                scene.chain().codec(scene.name(last), codecs.get(i));
                scene.putInto(last, 2L * i + 1, 1);
                assertThat(scene.stats(last).codec()).startsWith(codecs.get(i));
            }
            for (int index = 0; index < 2 * codecs.size(); index++) {
                assertThat(scene.get(index)).isEqualTo(1);
            }
            assertThatThrownBy(() -> scene.chain().codec(scene.name(last), "zip"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("allowed");
        }
    }

    /** No copy is made under a new codec before every operation that does not know it has ended. */
    @Scenario(on = Shapes.ONE_TIER)
    void S42_aCodecWaitsForThoseWhoDoNotKnowIt(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            scene.putInto(0, 0, 1);
            scene.gate().shutForOne("0.get-done");
            CompletableFuture<Long> get = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival("0.get-done");
            Change recode = new Change(() -> {
                scene.chain().codec(scene.name(0), "test-runs");
                return new Evacuated(End.COMPLETE, 0, 0, 0);
            });
            recode.awaitWaiting();
            assertThat(scene.stats(0).codec()).startsWith("lz4");
            scene.gate().open("0.get-done");
            assertThat(scene.join(get)).isEqualTo(1);
            recode.join();
            assertThat(scene.stats(0).codec()).startsWith("test-runs");
        }
    }

    /** In another order pages are found where they are, and go the new way down. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S42_anOrderThatChangesLeavesPagesWhereTheyAre(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            for (int tier = 0; tier <= shape.last(); tier++) {
                scene.putInto(tier, tier, 1);
            }
            List<String> order = scene.chain().tiers().reversed();
            scene.chain().reorder(order);
            assertThat(scene.chain().tiers()).isEqualTo(order);
            for (int tier = 0; tier <= shape.last(); tier++) {
                assertThat(scene.tierOf(tier)).isEqualTo(tier);
                assertThat(scene.get(tier)).isEqualTo(1);
            }
            assertThat(scene.put(9, 1).tier()).isEqualTo(order.getFirst());
            assertThatThrownBy(() -> scene.chain().reorder(order.subList(1, order.size())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("each of its tiers once");
        }
    }

    /** A change of a tier that is not there, or that cannot be, says what there is. */
    @Scenario(on = Shapes.ONE_TIER)
    void S38_aChangeThatCannotBeSaysWhatCan(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            assertThatThrownBy(() -> scene.chain().freeze("attic"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("chain default has no tier \"attic\"; allowed: " + scene.name(0));
            assertThatThrownBy(() -> scene.store().chain("other"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("allowed: default");
            if (shape.has(TierSort.HEAP) || shape.has(TierSort.OFFHEAP)) {
                assertThatThrownBy(() -> scene.chain().resize(scene.name(0), Size.ofBytes(1)))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("allowed: at least");
            }
        }
    }
}
