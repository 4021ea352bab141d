package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What is kept whatever happens, and who gives way when there is no room: scenarios 44 to 56. */
class PromisesTest {
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final ObjectId SMALL = ObjectId.of(3);
    private static final int SMALL_PAGE = 4096;

    /** Persistent pages that were taken stay through floods of either kind, moves, and the emptying of sparse slabs. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT)
    void S44_aPersistentPageSurvivesEveryPressure(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool small = scene.open(SceneSettings.pool("small", kind, mode).withPageSize(SMALL_PAGE));
            PagePool flood = scene.open(PageKind.EPHEMERAL, mode);
            for (int index = 0; index < 30; index++) {
                assertThat(putSmall(small, index)).isTrue();
            }
            for (int index = 0; index < 30; index++) {
                if (index % 4 != 0) {
                    small.flush(SMALL, index);
                }
            }
            List<Long> taken = LongStream.range(0, 30)
                    .peek(index -> Scene.put(flood, new PageKey(OTHER, index), 1))
                    .filter(index -> scene.put(index, 1).stored())
                    .boxed()
                    .toList();
            assertThat(taken).as("pages taken").hasSizeBetween(1, 29);
            assertThat(scene.count()).isEqualTo(taken.size());
            for (long index : taken) {
                assertThat(scene.get(index)).as("page %d", index).isEqualTo(1);
            }
            for (int index = 0; index < 30; index += 4) {
                assertThat(Delivery.get(small, new PageKey(SMALL, index))).isEqualTo(1);
            }
        }
    }

    private static boolean putSmall(PagePool pool, long index) {
        byte[] page = Pages.make(new PageKey(SMALL, index), 1, Shape.INCOMPRESSIBLE, SMALL_PAGE);
        return pool.put(SMALL, index, page).stored();
    }

    /** Persistent pages get all the room that ephemeral ones have before one is refused, and never give any of it back. */
    @Scenario(on = Shapes.BOTH_KINDS)
    void S45_ephemeralPagesGiveWayToPersistentOnes(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, PageKind.EPHEMERAL, mode)) {
            PagePool persistent = scene.open(PageKind.PERSISTENT, mode);
            int room = IntStream.rangeClosed(0, shape.last())
                    .map(tier -> scene.tier(tier).pages())
                    .sum();
            scene.fillAll();
            for (int index = 0; index < room; index++) {
                assertThat(Scene.put(persistent, new PageKey(OTHER, index), 1).stored())
                        .as("page %d of %d", index, room)
                        .isTrue();
            }
            assertThat(scene.count()).as("ephemeral pages").isZero();
            assertThat(Scene.put(persistent, new PageKey(OTHER, room), 1).refusal())
                    .isEqualTo(Refusal.FULL);
            for (int index = 0; index < 3; index++) {
                assertThat(scene.put(index, 1).stored()).isFalse();
            }
            for (int index = 0; index < room; index++) {
                assertThat(Delivery.get(persistent, new PageKey(OTHER, index))).isEqualTo(1);
            }
            assertThat(scene.put(0, 1).stored()).isEqualTo(mode == GetMode.EXCLUSIVE);
        }
    }

    /** The only copy is on a machine that died: unavailable, then lost for good; nothing else is ever delivered. */
    @Scenario(on = Shapes.WITH_REMOTE, kinds = PageKind.PERSISTENT)
    void S46_theOnlyCopyOnADeadMachineIsReported(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.cutOff(last);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageUnavailableException.class);
                assertThat(scene.contains(0)).isTrue();
            }
            scene.remote(last).restart(Map.of());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageLostException.class);
                assertThat(scene.contains(0)).isTrue();
            }
            scene.putInto(last, 0, 2);
            assertThat(scene.get(0)).isEqualTo(2);
        }
    }

    /** A get that takes the page but whose answer is lost took nothing; a free whose answer is lost is paid once. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT, modes = GetMode.EXCLUSIVE)
    void S47_aLostAnswerToATakingGetLosesNothing(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.tier(tier).faults().next(Fault.GET_UNAVAILABLE);
                assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageUnavailableException.class);
                assertThat(scene.versions(tier, 0)).containsExactly(1L);
                scene.tier(tier).faults().next(shape.isSlow(tier) ? Fault.FLUSH_ANSWER_LOST : Fault.FLUSH_UNAVAILABLE);
                assertThat(scene.get(0)).isEqualTo(1);
                assertThat(scene.get(0)).isZero();
                scene.putInto(tier, 0, 2);
                scene.settle();
                assertThat(scene.versions(0)).containsExactly(2L);
                assertThat(scene.stats(tier).encodedBytes()).isEqualTo(Scene.PAGE);
                assertThat(scene.get(0)).isEqualTo(2);
            }
        }
    }

    /** A damaged byte is found: an ephemeral page is dropped, a persistent one is lost, and the copy is freed. */
    @Scenario(
            on = Shapes.ALL,
            points = {"GET_DAMAGED", "GET_CORRUPT"})
    void S48_aDamagedByteIsNeverDelivered(ChainShape shape, PageKind kind, GetMode mode, String fault) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.tier(tier).faults().rate(Fault.valueOf(fault), 1000);
                missOrLost(scene, kind, 0);
                scene.heal();
                missOrLost(scene, kind, 0);
                scene.settle();
                assertThat(scene.versions(0)).isEmpty();
                PoolStats stats = scene.pool().stats();
                assertThat(kind == PageKind.EPHEMERAL ? stats.dropped() : stats.lostPages())
                        .isEqualTo(1);
                assertThat(scene.stats(tier).corrupt()).isEqualTo(1);
            }
        }
    }

    private static void missOrLost(Scene scene, PageKind kind, long index) {
        if (kind == PageKind.EPHEMERAL) {
            assertThat(scene.get(index)).isZero();
        } else {
            assertThatThrownBy(() -> scene.get(index)).isInstanceOf(PageLostException.class);
        }
    }

    /** A damaged copy is not moved on as if it were good: its page is lost, and no other. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE, kinds = PageKind.PERSISTENT)
    void S48_aDamagedCopyIsNotMoved(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.put(0, 1);
            scene.put(1, 1);
            scene.tier(0).faults().next(Fault.GET_DAMAGED);
            for (int index = 2; index < 6; index++) {
                assertThat(scene.put(index, 1).stored()).isTrue();
            }
            assertThat(scene.pool().stats().lostPages()).as("found by the move").isEqualTo(1);
            int lost = 0;
            for (int index = 0; index < 6; index++) {
                long page = index;
                if (scene.versions(page).isEmpty()) {
                    lost++;
                    assertThatThrownBy(() -> scene.get(page)).isInstanceOf(PageLostException.class);
                } else {
                    assertThat(scene.get(page)).isEqualTo(1);
                }
            }
            assertThat(lost).isEqualTo(1);
            assertThat(scene.pool().stats().lostPages()).isEqualTo(1);
        }
    }

    /** A whole, intact copy that is of another key, or of an older put of the key, is not delivered. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void S49_anotherPagesCopyIsNeverDelivered(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            scene.putInto(last, 2, 1);
            byte[] older = scene.remote(last).contents().values().iterator().next();
            for (int index = 0; index < 4; index++) {
                scene.putInto(last, index, 2);
            }
            scene.settle();
            Map<Long, byte[]> contents = new HashMap<>(scene.remote(last).contents());
            contents.put(idOf(scene, 0), Scene.page(Scene.key(1), 2));
            contents.put(idOf(scene, 1), Scene.page(Scene.key(0), 2));
            contents.put(idOf(scene, 2), older);
            scene.remote(last).restart(contents);
            for (int index = 0; index < 3; index++) {
                missOrLost(scene, kind, index);
            }
            assertThat(scene.get(3)).isEqualTo(2);
        }
    }

    /** The copy id of a page in the last tier. */
    private static long idOf(Scene scene, long index) {
        return scene.remote(scene.lastTier()).contents().entrySet().stream()
                .filter(copy -> Scene.key(index).equals(Pages.key(copy.getValue())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

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
                        .isBetween(0.20, 0.30);
            }
        }
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
                long refusedBefore = sum(scene, TierStats::movesRefused);
                long endedBefore = sum(scene, TierStats::evicted);
                boolean stored = scene.join(scene.start(() -> scene.put(0, 1).stored()));
                assertThat(stored).isEqualTo(kind == PageKind.EPHEMERAL);
                assertThat(sum(scene, TierStats::movesRefused) - refusedBefore).isBetween(0L, (long) shape.last());
                assertThat(sum(scene, TierStats::evicted) - endedBefore).isBetween(0L, 2L);
                scene.flush(0);
                scene.fill(0);
            }
        }
    }

    private static long sum(Scene scene, ToLongFunction<TierStats> count) {
        return scene.store().stats().tiers().stream().mapToLong(count).sum();
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

    /** A pool whose pages are written below as well may lose any of them: what is read, here or there, is right. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL)
    void S54_whatIsWrittenBelowTooMayBeDropped(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool through = scene.open(
                    SceneSettings.pool("through", PageKind.PERSISTENT, mode).withWrite(WriteMode.THROUGH));
            assertThat(through.kind()).isEqualTo(PageKind.PERSISTENT);
            WrittenBelow disk = new WrittenBelow(through);
            for (long version = 1; version <= 3; version++) {
                for (int index = 0; index < 30; index++) {
                    disk.put(index, version);
                }
            }
            assertThat(through.stats().evicted()).as("pages dropped").isPositive();
            for (Fault fault : List.of(Fault.GET_GONE, Fault.GET_UNAVAILABLE, Fault.GET_CORRUPT)) {
                scene.everywhere(fault);
                for (int index = 0; index < 30; index++) {
                    assertThat(disk.read(index)).isEqualTo(3);
                }
                scene.heal();
                for (int index = 0; index < 30; index++) {
                    disk.put(index, 3);
                }
            }
            assertThat(through.stats().dropped()).isPositive();
            assertThat(List.of(
                            through.stats().lostGets(),
                            through.stats().unavailable(),
                            through.stats().lost()))
                    .containsOnly(0L);
            scene.everywhere(Fault.PUT_DECLINED);
            disk.put(0, 4); // refused, and the older page is gone
            scene.heal();
            for (int index = 0; index < 30; index++) {
                assertThat(disk.read(index)).isEqualTo(index == 0 ? 4 : 3);
            }
        }
    }

    /** Pages that are written below too give way to persistent ones, to the last of them. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.PERSISTENT)
    void S54_whatIsWrittenBelowTooGivesWay(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool through = scene.open(
                    SceneSettings.pool("through", PageKind.PERSISTENT, mode).withWrite(WriteMode.THROUGH));
            WrittenBelow disk = new WrittenBelow(through);
            for (int index = 0; index < 30; index++) {
                disk.put(index, 1);
            }
            int room = IntStream.rangeClosed(0, shape.last())
                    .map(tier -> scene.tier(tier).pages())
                    .sum();
            for (int index = 0; index < room; index++) {
                assertThat(scene.put(index, 2).stored()).as("page %d", index).isTrue();
            }
            scene.settle();
            assertThat(through.pageCount()).isZero();
            assertThat(disk.read(0)).isEqualTo(1);
            for (int index = 0; index < 30; index++) {
                disk.put(index, 3);
            }
            for (int index = 0; index < room; index++) {
                assertThat(scene.get(index)).isEqualTo(2);
            }
        }
    }

    /** Every put, get and end of a page is in exactly one count, and the tiers' counts add up to the pool's. */
    @Scenario(on = Shapes.ALL)
    void S55_countersAddUp(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            for (int index = 0; index < 4; index++) {
                scene.putInto(index % (shape.last() + 1), index, 1);
            }
            scene.put(0, 2);
            scene.everywhere(Fault.PUT_DECLINED);
            scene.put(9, 1);
            scene.put(3, 2);
            scene.heal();
            assertThat(scene.flush(1)).isTrue();
            assertThat(scene.flush(77)).isFalse();
            assertThat(scene.get(2)).isEqualTo(1);
            assertThat(scene.get(77)).isZero();
            long taken = mode == GetMode.EXCLUSIVE ? 1 : 0;
            PoolStats stats = scene.pool().stats();
            assertThat(stats.stored()).isEqualTo(5);
            assertThat(stats.refusedTotal()).isEqualTo(2);
            assertThat(stats.replaced()).isEqualTo(2);
            assertThat(stats.flushed()).isEqualTo(1);
            assertThat(stats.taken()).isEqualTo(taken);
            assertThat(stats.pages()).isEqualTo(2 - taken);
            assertThat(stats.hits()).isEqualTo(1);
            assertThat(stats.misses()).isEqualTo(1);
            List<Boolean> stored = new ArrayList<>();
            for (int index = 100; index < 150; index++) {
                stored.add(scene.put(index, 1).stored());
            }
            scene.settle();
            long added = stored.stream().filter(one -> one).count();
            assertThat(sum(scene, TierStats::stored)).isEqualTo(5 + added);
            assertThat(scene.pool().stats().stored()).isEqualTo(5 + added);
            assertThat(sum(scene, TierStats::hits)).isEqualTo(1);
            assertThat(sum(scene, TierStats::evicted))
                    .isEqualTo(scene.pool().stats().evicted());
            assertThat(sum(scene, tier -> tier.ephemeralPages() + tier.persistentPages()))
                    .isEqualTo(scene.count());
            assertThat(sum(scene, TierStats::demotedIn)).isEqualTo(sum(scene, TierStats::demotedOut));
        }
    }

    /** Random operations of one client, with tiers that go away and come back, and pools that end: never an older page. */
    @Scenario(on = Shapes.ALL)
    void S56_aRandomRunMatchesTheModel(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            new SceneRun(scene, kind, mode, 56).run(2000);
        }
    }
}
