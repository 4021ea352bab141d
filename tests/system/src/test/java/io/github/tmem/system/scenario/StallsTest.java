package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** What made other caches wait, for ever or for long: scenarios P6 and P7. */
class StallsTest {
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int SMALL_PAGE = 4096;

    /** The pages of {@link #SMALL_PAGE} bytes that fill a slab. */
    private static final int SLAB_PAGES = 4;

    /** Persistent puts may move two persistent pages besides. */
    private static final long RELOCATIONS = 2;

    private static boolean put(PagePool pool, PageKey key, long version) {
        byte[] page = Pages.make(key, version, Shape.INCOMPRESSIBLE, pool.pageSize());
        return pool.put(key.object(), key.index(), page).stored();
    }

    /** Operations on all shards at once, each looking for victims in the others, never hold two locks. */
    @Scenario(on = Shapes.WITH_LOCAL, kinds = PageKind.EPHEMERAL)
    void P06_nobodyHoldsTwoLocks(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(256))) {
            PagePool pages = scene.open(SceneSettings.pool("pages", kind, mode).withPageSize(SMALL_PAGE));
            PagePool kept = scene.open(
                    SceneSettings.pool("kept", PageKind.PERSISTENT, mode).withPageSize(SMALL_PAGE));
            for (int tier = 0; tier <= shape.last(); tier++) {
                long room = scene.tier(tier).pages() - 2L;
                for (int index = 0; index < room; index++) {
                    scene.putInto(tier, index + 1000L * tier, 1);
                }
            }
            new Race()
                    .with(3, thread -> {
                        SplittableRandom random = new SplittableRandom(thread);
                        for (int i = 0; i < 400; i++) {
                            PageKey key = new PageKey(ObjectId.of(100 + random.nextInt(64)), random.nextInt(4));
                            PagePool pool = random.nextInt(10) == 0 ? kept : pages;
                            switch (random.nextInt(8)) {
                                case 0 -> assertThat(Delivery.get(pool, key)).isNotNegative();
                                case 1 ->
                                    assertThat(pool.flushObject(key.object())).isNotNegative();
                                default -> assertThat(put(pool, key, i + 1)).isIn(true, false);
                            }
                        }
                    })
                    .run();
            scene.settle();
        }
    }

    /** An ephemeral put pushes out two pages at most, and a persistent one no more than the slabs it needs, of any size. */
    @Scenario(on = Shapes.ALL)
    void P07_aPutPushesOutFewPages(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool small = scene.open(
                    SceneSettings.pool("small", PageKind.EPHEMERAL, mode).withPageSize(SMALL_PAGE));
            for (int index = 0; scene.sum(TierStats::evicted) < 4; index++) {
                put(small, new PageKey(OTHER, index), 1);
            }
            // the slabs of a page and its head, and none of them shared
            long most = kind == PageKind.EPHEMERAL ? 2 : (Scene.PAGE / SMALL_PAGE / SLAB_PAGES + 1L) * SLAB_PAGES;
            for (int index = 0; index < 6; index++) {
                long evicted = scene.sum(TierStats::evicted);
                long moved = scene.sum(TierStats::demotedOut);
                scene.put(index, 1);
                assertThat(scene.sum(TierStats::evicted) - evicted)
                        .as("pages pushed out by put %d", index)
                        .isBetween(0L, most);
                assertThat(scene.sum(TierStats::demotedOut) - moved)
                        .as("pages moved by put %d", index)
                        .isBetween(0L, most + RELOCATIONS);
            }
        }
    }

    /** While somebody flushes a large object, page after page, everybody else goes on. */
    @Scenario(on = Shapes.ALL)
    void P07_aLargeFlushStopsNobody(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            for (int index = 0; index < 6; index++) {
                scene.put(index, 1);
            }
            PageKey key = new PageKey(OTHER, 0);
            scene.gate().shutForOne("0.flush");
            CompletableFuture<Long> flushing = scene.start(scene::flushObject);
            scene.gate().awaitArrival("0.flush");
            assertThat(scene.join(scene.start(() -> {
                        assertThat(scene.contains(5)).isFalse();
                        assertThat(Scene.put(scene.pool(), key, 1).stored()).isTrue();
                        assertThat(scene.put(0, 2).stored()).isTrue();
                        assertThat(scene.get(1)).isZero();
                        return Delivery.get(scene.pool(), key);
                    })))
                    .isEqualTo(1);
            scene.gate().open("0.flush");
            assertThat(scene.join(flushing)).isEqualTo(6);
            assertThat(scene.get(0)).isEqualTo(2);
        }
    }
}
