package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.LogLines;
import io.github.tmem.kit.NativeMemory;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What other caches shipped as bugs: scenarios P1, P2, P5 and P8 to P12; {@link StallsTest} has P6 and P7. */
class PeersTest {
    private static final ObjectId OTHER = ObjectId.of(2);

    /** A newer page that the tier below does not let in leaves no older one there. */
    @Scenario(on = Shapes.TWO_TIERS_OR_MORE)
    void P01_anUpdateThatIsNotAdmittedBelowEndsTheOlderCopyThere(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            scene.demote(0);
            scene.tier(1).faults().rate(Fault.PUT_DECLINED, 1000);
            assertThat(scene.put(0, 2).stored()).isTrue();
            scene.settle();
            assertThat(scene.versions(1, 0)).isEmpty();
            for (int index = 100; index < 106; index++) {
                scene.put(index, 1); // the newer page has to leave the first tier, and finds no other
            }
            scene.heal();
            scene.settle();
            assertThat(scene.versions(0)).doesNotContain(1L).hasSizeLessThan(2);
            assertThat(scene.get(0)).isIn(0L, 2L);
        }
    }

    /** While a page is in two tiers, on its way down, what ends it ends both copies. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"flush", "flushObject", "get", "put"})
    void P02_whatEndsAPageEndsItInEveryTier(ChainShape shape, PageKind kind, GetMode mode, String end) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            CompletableFuture<Boolean> demoting = scene.demoteUntil("put-done", 0);
            assertThat(scene.versions(0)).containsExactly(1L, 1L);
            switch (end) {
                case "flush" -> assertThat(scene.flush(0)).isTrue();
                case "flushObject" -> assertThat(scene.flushObject()).isEqualTo(1);
                case "get" -> assertThat(scene.get(0)).isEqualTo(1);
                default -> {
                    scene.everywhere(Fault.PUT_DECLINED);
                    assertThat(scene.put(0, 2).stored()).isFalse();
                    scene.heal();
                }
            }
            boolean stays = end.equals("get") && mode == GetMode.INCLUSIVE;
            assertThat(scene.contains(0)).isEqualTo(stays);
            scene.gate().open(Scene.pointOf("put-done", 0));
            scene.join(demoting);
            scene.flushFillers();
            assertThat(scene.versions(0)).hasSize(stays ? 1 : 0);
        }
    }

    /** At every step of a move down, contains, the count and a get say the same of the page. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done", "flush", "flush-done"})
    void P05_containsAndGetAgreeOnAPageOnItsWayDown(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            CompletableFuture<Boolean> demoting = scene.demoteUntil(step, 0);
            boolean held = scene.contains(0);
            long count = scene.count();
            assertThat(scene.get(0)).isEqualTo(held ? 1 : 0);
            assertThat(held).isTrue();
            boolean stays = mode == GetMode.INCLUSIVE;
            assertThat(scene.contains(0)).isEqualTo(stays);
            assertThat(scene.count()).isEqualTo(stays ? count : count - 1);
            assertThat(scene.flush(0)).isEqualTo(stays);
            assertThat(scene.contains(0)).isFalse();
            scene.gate().open(Scene.pointOf(step, 0));
            scene.join(demoting);
            scene.flushFillers();
            assertThat(scene.count()).isZero();
        }
    }

    /** While a persistent page gives its room to its successor, contains says yes and a get waits for the successor. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT)
    void P05_containsAndGetAgreeOnAPageThatIsBeingReplaced(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.fillAll();
            String point = last + ".flush-done";
            scene.gate().shutForOne(point);
            CompletableFuture<Boolean> putting =
                    scene.start(() -> scene.put(0, 2).stored());
            scene.gate().awaitArrival(point);
            assertThat(scene.contains(0)).isTrue();
            CompletableFuture<Long> get = scene.start(() -> scene.get(0));
            scene.gate().open(point);
            assertThat(scene.join(putting)).isTrue();
            assertThat(scene.join(get)).isEqualTo(2);
        }
    }

    /** Whoever ends a page without being told to counts it; of a persistent page every get says so. */
    @Scenario(on = Shapes.ALL)
    void P08_noPageGoesWithoutAWord(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                scene.tier(tier).faults().rate(Fault.GET_GONE, 1000);
                for (int i = 0; i < 3; i++) {
                    if (kind == PageKind.EPHEMERAL) {
                        assertThat(scene.get(0)).isZero();
                    } else {
                        assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageLostException.class);
                    }
                }
                scene.heal();
                TierStats stats = scene.stats(tier);
                assertThat(stats.gone()).isEqualTo(1);
                boolean ephemeral = kind == PageKind.EPHEMERAL;
                assertThat(List.of(stats.dropped(), stats.lost()))
                        .containsExactly(ephemeral ? 1L : 0L, ephemeral ? 0L : 1L);
                assertThat(List.of(
                                scene.pool().stats().dropped(),
                                scene.pool().stats().lostPages(),
                                scene.pool().stats().lostGets()))
                        .containsExactly(ephemeral ? 1L : 0L, ephemeral ? 0L : 1L, ephemeral ? 0L : 3L);
                long refused = IntStream.range(1, 40)
                        .filter(index -> !scene.put(index, 1).stored())
                        .count();
                scene.settle();
                long present = IntStream.range(1, 40).filter(scene::contains).count();
                assertThat(scene.sum(TierStats::evicted))
                        .isEqualTo(scene.pool().stats().evicted())
                        .isEqualTo(39 - refused - present);
                assertThat(refused == 0 || !ephemeral).isTrue();
            }
        }
    }

    /** Every refused put says why to its caller and to the counters; the log says so once for each reason and pool. */
    @Scenario(
            on = Shapes.ALL,
            points = {"UNAVAILABLE", "FROZEN", "POOR_COMPRESSION", "DECLINED", "WRONG_INDEX"})
    void P08_noPutIsRefusedWithoutAWord(ChainShape shape, PageKind kind, GetMode mode, String name) {
        Refusal reason = Refusal.valueOf(name);
        try (LogLines log = LogLines.of("io.github.tmem.tiering.chain.RefusalLog");
                Scene scene = Refusals.scene(shape, kind, mode, reason)) {
            Refusals.begin(scene, reason);
            for (int round = 1; round <= 2; round++) {
                PagePool pool = scene.open(
                        SceneSettings.pool("pool of round " + round, kind, mode).withIndexes(100));
                for (int put = 0; put < 3; put++) {
                    long index = reason == Refusal.WRONG_INDEX ? 100 : put;
                    assertThat(Scene.put(pool, Scene.key(index), 1).refusal()).isEqualTo(reason);
                }
                assertThat(pool.stats().refused()).containsExactly(Map.entry(reason, 3L));
                assertThat(log.lines()).hasSize(round).last().asString().contains(pool.name(), name);
            }
            Refusals.end(scene);
            scene.settle();
        }
    }

    /** One copy that is bad, for whatever happened when it was written, costs its own page and no other. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void P09_oneBadCopyCostsOnePage(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            for (int index = 0; index < 5; index++) {
                scene.putInto(last, index, 1);
            }
            Map<Long, byte[]> contents = new HashMap<>();
            scene.remote(last).contents().forEach((id, bytes) -> contents.put(id, bytes.clone()));
            contents.values().stream()
                    .filter(bytes -> Scene.key(2).equals(Pages.key(bytes)))
                    .findFirst()
                    .orElseThrow()[Scene.PAGE / 2]++;
            scene.remote(last).restart(contents);
            for (int index = 0; index < 5; index++) {
                if (index != 2) {
                    assertThat(scene.get(index)).isEqualTo(1);
                } else if (kind == PageKind.EPHEMERAL) {
                    assertThat(scene.get(2)).isZero();
                } else {
                    assertThatThrownBy(() -> scene.get(2)).isInstanceOf(PageLostException.class);
                }
            }
        }
    }

    /** A tier that restarts with what had been flushed, object by object and pool by pool, shows none of it to anybody. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void P10_aRestartBringsNothingBackThatWasFlushed(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(12))) {
            PageKey key = new PageKey(OTHER, 0);
            PagePool ended = scene.open(kind, mode);
            for (int index = 0; index < 3; index++) {
                scene.putInto(last, index, 1);
            }
            scene.putInto(last, ended, key, 1);
            var before = scene.remote(last).contents();
            scene.remote(last).link(Link.FLUSHES_LATE);
            assertThat(scene.flushObject()).isEqualTo(3);
            ended.close();
            PagePool successor = scene.open(SceneSettings.pool(ended.name(), kind, mode));
            scene.putInto(last, 0, 2);
            scene.gate().shut(last + ".flush"); // it still has what it is to forget
            Map<Long, byte[]> both = new HashMap<>(scene.remote(last).contents());
            both.putAll(before);
            scene.remote(last).restart(both);
            assertThat(Delivery.get(successor, key)).isZero();
            assertThat(scene.get(1)).isZero();
            assertThat(scene.get(2)).isZero();
            assertThat(scene.get(0)).isEqualTo(2);
            scene.gate().open(last + ".flush");
            scene.putInto(last, successor, key, 2);
            assertThat(Delivery.get(successor, key)).isEqualTo(2);
        }
    }

    /** A get that takes the page gives the copy up only when it can deliver it: not when it reads it, or cannot write it. */
    @Scenario(on = Shapes.ALL, modes = GetMode.EXCLUSIVE)
    void P11_aTakingGetGivesNothingUpBeforeItCanDeliver(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                MemorySegment closed;
                try (Arena arena = Arena.ofConfined()) {
                    closed = arena.allocate(Scene.PAGE);
                }
                assertThatThrownBy(() -> scene.pool().get(Scene.FILE, 0, closed))
                        .isInstanceOf(IllegalArgumentException.class);
                String point = tier + ".get-done";
                scene.gate().shutForOne(point);
                CompletableFuture<Long> slow = scene.start(() -> scene.get(0));
                scene.gate().awaitArrival(point);
                assertThat(scene.contains(0)).isTrue();
                assertThat(scene.versions(tier, 0)).containsExactly(1L);
                assertThat(scene.get(0)).as("the faster get").isEqualTo(1);
                scene.gate().open(point);
                assertThat(scene.join(slow)).isZero();
                scene.putInto(tier, 0, 2);
                scene.tier(tier).faults().rate(Fault.GET_DAMAGED, 1000);
                if (kind == PageKind.PERSISTENT) {
                    assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageLostException.class);
                } else {
                    assertThat(scene.get(0)).isZero();
                }
                assertThat(scene.contains(0)).isEqualTo(kind == PageKind.PERSISTENT);
                assertThat(scene.pool().stats().taken()).isEqualTo(1);
            }
        }
    }

    /** The caller's memory is closed while a get that takes the page is under way: the get fails, and the page stays. */
    @Scenario(on = Shapes.ALL, modes = GetMode.EXCLUSIVE)
    void P11_aTakingGetIntoClosedMemoryGivesNothingUp(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            try (Scene scene = Scene.of(shape, kind, mode)) {
                scene.putInto(tier, 0, 1);
                String point = tier + ".get-done";
                scene.gate().shutForOne(point);
                CompletableFuture<Boolean> get;
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment destination = arena.allocate(Scene.PAGE);
                    get = Aside.start(() -> scene.pool().get(Scene.FILE, 0, destination));
                    scene.gate().awaitArrival(point);
                }
                scene.gate().open(point);
                assertThatThrownBy(() -> Aside.join(get)).hasRootCauseInstanceOf(IllegalStateException.class);
                assertThat(scene.get(0)).isEqualTo(1);
                assertThat(scene.get(0)).isZero();
            }
        }
    }

    /** Native memory is what the tiers and the directory say, and all of it is given back, time after time. */
    @Scenario(on = Shapes.WITH_LOCAL, kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void P12_nativeMemoryIsThatOfTheTiers(ChainShape shape, PageKind kind, GetMode mode) {
        long before = NativeMemory.bytes();
        for (int round = 0; round < 3; round++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(64))) {
                scene.fillAll();
                long used = IntStream.rangeClosed(0, shape.last())
                        .filter(tier -> shape.tiers().get(tier) == TierSort.OFFHEAP)
                        .mapToLong(tier -> scene.stats(tier).usedBytes())
                        .sum();
                long directory = scene.store().stats().directories().getFirst().bytes();
                assertThat(NativeMemory.bytes() - before - used)
                        .as("native bytes beside the %d of the tiers and the %d of the directory", used, directory)
                        .isBetween(-SLACK_BYTES, directory + SLACK_BYTES);
            }
            assertThat(NativeMemory.bytes() - before).as("native bytes left").isLessThan(SLACK_BYTES);
        }
    }

    /** Some slabs that were never used, and what the platform takes for itself. */
    private static final long SLACK_BYTES = 256 << 10;
}
