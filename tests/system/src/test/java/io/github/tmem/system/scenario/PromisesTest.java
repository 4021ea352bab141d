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
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What is kept whatever happens, and what the counters say of it: scenarios 44 to 49 and 54 to 56. */
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
            assertThat(scene.sum(TierStats::stored)).isEqualTo(5 + added);
            assertThat(scene.pool().stats().stored()).isEqualTo(5 + added);
            assertThat(scene.sum(TierStats::hits)).isEqualTo(1);
            assertThat(scene.sum(TierStats::evicted))
                    .isEqualTo(scene.pool().stats().evicted());
            assertThat(scene.sum(tier -> tier.ephemeralPages() + tier.persistentPages()))
                    .isEqualTo(scene.count());
            assertThat(scene.sum(TierStats::demotedIn)).isEqualTo(scene.sum(TierStats::demotedOut));
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
