package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Fault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Who gives way when there is no room, to whom, and how much: scenarios 50 to 53. */
class FloodsTest {
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final ObjectId SMALL = ObjectId.of(3);
    private static final int SMALL_PAGE = 4096;

    /** Pages that nobody gets, however many, do not push out pages of their pool that are got. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL, modes = GetMode.INCLUSIVE)
    void S50_aFloodLeavesTheRoomOfPagesInUse(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            scene.put(0, 1);
            scene.put(1, 1);
            for (int i = 0; i < 3; i++) {
                assertThat(scene.get(0)).isEqualTo(1);
                assertThat(scene.get(1)).isEqualTo(1);
            }
            for (int index = 0; index < 100; index++) {
                assertThat(Scene.put(scene.pool(), new PageKey(OTHER, index), 1).stored())
                        .isTrue();
            }
            assertThat(scene.get(0)).isEqualTo(1);
            assertThat(scene.get(1)).isEqualTo(1);
        }
    }

    /** Others may use a share that is not wanted; when two pools flood the tiers, each has its share of every one of them. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.EPHEMERAL, modes = GetMode.EXCLUSIVE)
    void S50_aFloodLeavesOthersTheirShareOfEveryTier(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(
                shape, kind, mode, settings -> settings.firstPages(60).moving(shape.movesIntoSlow()))) {
            PagePool light = scene.open(SceneSettings.pool("light", kind, mode).withPageSize(SMALL_PAGE));
            PagePool heavy = scene.open(SceneSettings.pool("heavy", kind, mode)
                    .withPageSize(SMALL_PAGE)
                    .withWeight(3));
            flood(floodBy(1, scene), light, SMALL, 0);
            settleAll(scene);
            for (int tier = 0; tier <= shape.last(); tier++) {
                assertThat(scene.tier(tier).copiesOf(SMALL))
                        .as("pages in tier %d of the only pool that wants room", tier)
                        .isGreaterThan(room(scene, tier) / 2);
            }
            Phaser flood = floodBy(2, scene);
            CompletableFuture<Boolean> flooding = scene.start(() -> flood(flood, light, SMALL, 1_000_000));
            flood(flood, heavy, OTHER, 0);
            assertThat(scene.join(flooding)).isTrue();
            settleAll(scene);
            for (int tier = 0; tier <= shape.last(); tier++) {
                double ofLight = scene.tier(tier).copiesOf(SMALL);
                double ofHeavy = scene.tier(tier).copiesOf(OTHER);
                assertThat(ofLight / (ofLight + ofHeavy))
                        .as("share of tier %d, %s to %s pages", tier, ofLight, ofHeavy)
                        .isBetween(0.20, shareMax(shape, tier));
            }
        }
    }

    /**
     * The most that a pool may have whose share is a quarter. A batch that has left for a slow tier leaves much room, by whole
     * slabs, and until that is full again both pools take as much of it as they put: a half. Nothing has to go meanwhile.
     */
    private static double shareMax(ChainShape shape, int tier) {
        boolean refills = tier < shape.last() && shape.isSlow(tier + 1);
        return refills ? (0.25 + 0.50) / 2 : 0.30;
    }

    private static void settleAll(Scene scene) {
        Background.awaitRest();
        scene.settle();
    }

    /** How many small pages fit into a tier. */
    private static long room(Scene scene, int tier) {
        return (long) scene.tier(tier).pages() * (Scene.PAGE / SMALL_PAGE);
    }

    /** Puts pages, as many as all the others who flood, until the flood is over. */
    private static boolean flood(Phaser flood, PagePool pool, ObjectId object, long first) {
        long index = first;
        do {
            for (int i = 0; i < 16; i++) {
                PageKey key = new PageKey(object, ++index);
                pool.put(object, index, Pages.make(key, 1, Shape.INCOMPRESSIBLE, SMALL_PAGE));
            }
        } while (flood.arriveAndAwaitAdvance() >= 0);
        return true;
    }

    /** A flood by so many threads, which is over when each has put, and every tier let go, what the tiers hold four times. */
    private static Phaser floodBy(int threads, Scene scene) {
        List<TierStats> before = scene.store().stats().tiers();
        long least = 4
                * IntStream.rangeClosed(0, scene.lastTier())
                        .mapToLong(tier -> room(scene, tier))
                        .sum();
        return new Phaser(threads) {
            @Override
            protected boolean onAdvance(int phase, int registered) {
                return phase >= least / 16 && haveLetGo(scene, before);
            }
        };
    }

    private static boolean haveLetGo(Scene scene, List<TierStats> before) {
        List<TierStats> now = scene.store().stats().tiers();
        return IntStream.rangeClosed(0, scene.lastTier())
                .allMatch(tier -> gone(now.get(tier)) - gone(before.get(tier)) >= 4 * room(scene, tier));
    }

    private static long gone(TierStats tier) {
        return tier.evicted() + tier.demotedOut();
    }

    /** A pool with a cap never holds more, takes no room of others for what is above it, and may still overwrite. */
    @Scenario(on = Shapes.ALL)
    void S50_aCapHoldsInAFlood(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(12))) {
            PagePool capped =
                    scene.open(SceneSettings.pool("capped", kind, mode).withQuota(Size.ofBytes(5L * Scene.PAGE)));
            scene.put(0, 1);
            scene.put(1, 1);
            CompletableFuture<Long> flooding = scene.start(() -> LongStream.range(0, 100)
                    .filter(index ->
                            Scene.put(capped, new PageKey(OTHER, index), 1).stored())
                    .count());
            CompletableFuture<Long> other = scene.start(() -> LongStream.range(0, 100)
                    .filter(index ->
                            Scene.put(capped, new PageKey(SMALL, index), 1).stored())
                    .count());
            while (!flooding.isDone() || !other.isDone()) {
                assertThat(capped.stats().encodedBytes()).isBetween(0L, 5L * Scene.PAGE);
            }
            long stored = scene.join(flooding) + scene.join(other);
            PoolStats stats = capped.stats();
            assertThat(stats.encodedBytes()).isEqualTo(5L * Scene.PAGE);
            assertThat(capped.pageCount()).isEqualTo(5);
            assertThat(stats.refused().getOrDefault(Refusal.OVER_QUOTA, 0L)).isEqualTo(200 - stored);
            assertThat(stats.refusedTotal()).isEqualTo(200 - stored);
            assertThat(scene.get(0)).isEqualTo(1);
            assertThat(scene.get(1)).isEqualTo(1);
            long held = LongStream.range(0, 100)
                    .filter(index -> capped.contains(OTHER, index))
                    .findFirst()
                    .orElse(-1);
            PageKey key = held >= 0 ? new PageKey(OTHER, held) : new PageKey(SMALL, firstHeld(capped));
            assertThat(Scene.put(capped, key, 2).stored()).as("no growth").isTrue();
            assertThat(Delivery.get(capped, key)).isEqualTo(2);
        }
    }

    private static long firstHeld(PagePool pool) {
        return LongStream.range(0, 100)
                .filter(index -> pool.contains(SMALL, index))
                .findFirst()
                .orElseThrow();
    }

    /** A tier that was full is passed by until it has fallen to its low mark, and nothing moves to and fro meanwhile. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE, kinds = PageKind.EPHEMERAL)
    void S51_aTierThatWasFullIsPassedByForAWhile(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(
                shape,
                kind,
                mode,
                settings -> settings.moving(true).firstPages(20).whenFull(FullAction.FORWARD, FullAction.FORWARD))) {
            int room = scene.tier(0).pages();
            for (int index = 0; index < room + 1; index++) {
                scene.put(index, 1);
            }
            assertThat(scene.tierOf(room)).isEqualTo(1);
            scene.flush(0);
            scene.put(100, 1);
            assertThat(scene.tierOf(100)).as("while there is little room").isEqualTo(1);
            for (int index = 1; index < room / 2; index++) {
                scene.flush(index);
            }
            scene.put(101, 1);
            assertThat(scene.tierOf(101)).as("while there is much room").isZero();
            assertThat(scene.store().stats().tiers())
                    .allMatch(tier -> tier.evicted() + tier.demotedOut() + tier.movesRefused() == 0);
        }
    }

    /** A put that meets full tiers tries a few moves at most, and a move that is refused starts no other. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void S52_aMoveThatIsRefusedEnds(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.fillAll();
            for (int tier = 1; tier <= shape.last(); tier++) {
                scene.tier(tier).faults().rate(Fault.PUT_FULL, 1000);
            }
            for (int index = 0; index < 4; index++) {
                long refusedBefore = scene.sum(TierStats::movesRefused);
                long endedBefore = scene.sum(TierStats::evicted);
                boolean stored = scene.join(scene.start(() -> scene.put(0, 1).stored()));
                assertThat(stored).isEqualTo(kind == PageKind.EPHEMERAL);
                assertThat(scene.sum(TierStats::movesRefused) - refusedBefore).isBetween(0L, (long) shape.last());
                assertThat(scene.sum(TierStats::evicted) - endedBefore).isBetween(0L, 2L);
                scene.flush(0);
                scene.fill(0);
            }
        }
    }

    /** Pages that others hold at this moment are not waited for: a put that wants their room goes below, or is refused. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL)
    void S53_aPutDoesNotWaitForVictimsThatCannotBeHad(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool persistent = scene.open(PageKind.PERSISTENT, mode);
            scene.gate().shutFor("0.put-done", 2);
            List<CompletableFuture<Boolean>> held = IntStream.range(0, 2)
                    .mapToObj(index -> scene.start(() -> scene.put(index, 1).stored()))
                    .toList();
            scene.gate().awaitArrivals("0.put-done", 2);
            PageKey key = new PageKey(OTHER, 0);
            boolean stored =
                    scene.join(scene.start(() -> Scene.put(persistent, key, 1).stored()));
            assertThat(stored).isEqualTo(shape.last() > 0);
            assertThat(scene.copies(0)).isEqualTo(2);
            scene.gate().open("0.put-done");
            held.forEach(put -> assertThat(scene.join(put)).isTrue());
            assertThat(Scene.put(persistent, key, 2).stored()).isTrue();
            assertThat(Delivery.get(persistent, key)).isEqualTo(2);
        }
    }
}
