package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.backend.KeyedTestBackend;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools that share a chain: caps that hold at every step, and shares of the directory. Shares of tiers: scenario S50. */
class TenantsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    @RegisterExtension
    final StoreExtension stores = new StoreExtension();

    private static PoolConfig capped(PageKind kind, int pages) {
        PoolConfig config = kind == PageKind.EPHEMERAL
                ? PoolConfig.ephemeral("capped").withGetMode(GetMode.INCLUSIVE)
                : PoolConfig.persistent("capped");
        return config.withQuota(Size.ofBytes((long) pages * Stage.PAGE));
    }

    private static @Nullable Refusal refusal(PagePool pool, long index, Shape shape) {
        return pool.put(FILE, index, page(index, shape)).refusal();
    }

    private static boolean put(PagePool pool, long index, Shape shape) {
        return pool.put(FILE, index, page(index, shape)).stored();
    }

    private static byte[] page(long index, Shape shape) {
        return Pages.make(new PageKey(FILE, index), 1, shape, Stage.PAGE);
    }

    // ---- one step at a time

    @Test
    void aPersistentPutAboveTheQuotaIsRefusedAndEndsTheOlderPage() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 2));
            assertThat(put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(put(pool, 0, Shape.INCOMPRESSIBLE))
                    .as("the difference fits")
                    .isTrue();
            assertThat(put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(put(pool, 2, Shape.COMPRESSIBLE)).isTrue();
            assertThat(refusal(pool, 0, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(pool.contains(FILE, 0)).isFalse();
            assertThat(pool.pageCount()).isEqualTo(2);
            assertThat(pool.stats().refused()).containsEntry(Refusal.OVER_QUOTA, 2L);
            assertThat(stage.stats(0).stored())
                    .as("what was refused is no tier's")
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOverwriteAtTheCapOfAFullChainIsNotRefused(PageKind kind) {
        try (Stage stage = Stage.of(2)) {
            PagePool pool = stage.open(capped(kind, 2));
            for (int version = 1; version <= 3; version++) {
                assertThat(stage.put(pool, FILE, 0, version)).isTrue();
                assertThat(stage.put(pool, FILE, 1, version)).isTrue();
            }
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(3);
            assertThat(pool.stats().refusedTotal()).isZero();
        }
    }

    /** While an overwrite has given the old copy up and not yet stored the new one, its bytes are not for others. */
    @Test
    void whatAnOverwriteGaveUpStaysItsOwn() {
        try (Stage stage = Stage.of(2)) {
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 2));
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shut("flush-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(pool.stats().encodedBytes()).isEqualTo(2 * Stage.PAGE);
            assertThat(refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @Test
    void ephemeralPagesOfTheSamePoolGiveWayAndNobodyElses() {
        try (Stage stage = Stage.of(8)) {
            PagePool other = stage.open(PoolConfig.ephemeral("other").withGetMode(GetMode.INCLUSIVE));
            for (int index = 0; index < 5; index++) {
                other.put(OTHER, index, Stage.page(OTHER, index, 1));
            }
            PagePool pool = stage.open(capped(PageKind.EPHEMERAL, 3));
            for (int index = 0; index < 20; index++) {
                assertThat(put(pool, index, Shape.INCOMPRESSIBLE)).isTrue();
                assertThat(pool.pageCount()).isEqualTo(Math.min(3, index + 1));
            }
            assertThat(other.pageCount()).isEqualTo(5);
            assertThat(pool.stats().evicted()).isEqualTo(17);
        }
    }

    /** A page that goes because of the cap gives no room that the put needs: nobody waits for its tier. */
    @Test
    void aPageOfASlowTierThatGivesWayIsFreedLater() {
        try (Stage stage = Stage.aboveSlow(8, 8)) {
            PagePool pool = stage.open(capped(PageKind.EPHEMERAL, 1));
            String local = stage.stats(0).tier();
            stage.store().chain(PoolConfig.CHAIN_DEFAULT).freeze(local);
            assertThat(put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            stage.store().chain(PoolConfig.CHAIN_DEFAULT).thaw(local);
            stage.tier(1).gate().shut("flush");
            CompletableFuture<Boolean> putting = start(() -> put(pool, 1, Shape.INCOMPRESSIBLE));
            assertThat(join(putting)).as("without an answer of the slow tier").isTrue();
            assertThat(pool.stats().evicted()).isEqualTo(1);
            assertThat(stage.stats(1).evicted()).isEqualTo(1);
            stage.tier(1).gate().open("flush");
        }
    }

    /** Two pages at most go for a put; what is left over is refused, although more could go. */
    @Test
    void aPutAboveTheQuotaPushesOutTwoPagesAtMost() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(capped(PageKind.EPHEMERAL, 2));
            int small = 0;
            while (pool.stats().evicted() == 0) {
                assertThat(put(pool, small++, Shape.COMPRESSIBLE)).isTrue();
            }
            assertThat(pool.pageCount()).isGreaterThan(4);
            assertThat(refusal(pool, 100, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(pool.stats().evicted()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameFilledPagesHaveNoBytes(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            PagePool pool = stage.open(capped(kind, 1));
            assertThat(put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            for (int index = 1; index < 40; index++) {
                assertThat(put(pool, index, Shape.SAME_FILLED)).isTrue();
            }
            assertThat(pool.pageCount()).isEqualTo(40);
            assertThat(put(pool, 0, Shape.SAME_FILLED)).isTrue();
            assertThat(pool.stats().encodedBytes()).isZero();
            assertThat(put(pool, 7, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(pool.stats().encodedBytes()).isEqualTo(Stage.PAGE);
        }
    }

    /** A put that is clearly above the cap takes nobody's room, not even for a moment, and no entry of the directory. */
    @Test
    void aPutAboveTheCapReachesNoTier() {
        try (Stage stage = Stage.of(2)) {
            PagePool other = stage.open(PoolConfig.ephemeral("other"));
            other.put(OTHER, 0, Stage.page(OTHER, 0, 1));
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 1));
            assertThat(put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            for (int index = 1; index < 10; index++) {
                assertThat(refusal(pool, index, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            }
            assertThat(other.pageCount()).isEqualTo(1);
            assertThat(stage.stats(0).full()).isZero();
        }
    }

    // ---- forced races

    /** Both puts found room under the quota for one of them; the swing decides. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofTwoPutsIntoTheLastRoomOneIsRefused(boolean overwrites) {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 2));
            assertThat(put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            if (overwrites) {
                assertThat(put(pool, 1, Shape.COMPRESSIBLE)).isTrue();
            }
            long left = 2L * Stage.PAGE - pool.stats().encodedBytes();
            assertThat(left).isLessThan(2L * Stage.PAGE);
            stage.tier(0).gate().shutFor("put-done", 2);
            CompletableFuture<Boolean> first = start(() -> put(pool, 1, Shape.INCOMPRESSIBLE));
            CompletableFuture<Boolean> second = start(() -> put(pool, overwrites ? 0 : 2, Shape.INCOMPRESSIBLE));
            stage.tier(0).gate().awaitArrivals("put-done", 2);
            stage.tier(0).gate().open("put-done");
            int stored = (join(first) ? 1 : 0) + (join(second) ? 1 : 0);
            assertThat(stored).isEqualTo(overwrites ? 2 : 1);
            assertThat(pool.stats().encodedBytes()).isLessThanOrEqualTo(2L * Stage.PAGE);
            assertThat(stage.copies()).as("no copy without its page").isEqualTo(pool.pageCount());
        }
    }

    /** Both found room; who swings later finds it taken, and a page of the same pool goes for it. */
    @Test
    void ofTwoEphemeralPutsIntoTheLastRoomTheLaterTakesThatOfTheEarlier() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(capped(PageKind.EPHEMERAL, 1));
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> later = start(() -> put(pool, 0, Shape.INCOMPRESSIBLE));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(later)).isTrue();
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(pool.pageCount()).isEqualTo(1);
            assertThat(pool.stats().evicted()).isEqualTo(1);
        }
    }

    @Test
    void whatIsAskedOfTheQuotaIsTheEncodedLength() {
        try (Stage stage = Stage.of(8)) {
            PagePool other = stage.persistent(GetMode.INCLUSIVE);
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 1));
            assertThat(put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(put(other, 0, Shape.INCOMPRESSIBLE)).isTrue(); // which leaves its length behind
            assertThat(put(pool, 1, Shape.COMPRESSIBLE)).isTrue();
        }
    }

    /** Both puts found the key without a page; the later finds the earlier's when it swings. */
    @Test
    void twoPutsOfOneNewKeyAreChargedAsOnePage() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 2));
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<Boolean> first = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put");
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> second = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            stage.tier(0).gate().open("put");
            assertThat(join(first)).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(second)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(pool.stats().encodedBytes()).isEqualTo(Stage.PAGE);
            assertThat(put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
        }
    }

    @Test
    void aPageOnItsWayDownIsChargedOnce() {
        UnaryOperator<TierConfig> demoting = tier -> tier.withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
        try (Stage stage = Stage.of(demoting, 2, 4)) {
            PagePool pool = stage.open(capped(PageKind.PERSISTENT, 3));
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(1).gate().shutForOne("put-done");
            CompletableFuture<Boolean> third = start(() -> stage.put(pool, FILE, 2, 1)); // pushes page 0 down
            stage.tier(1).gate().awaitArrival("put-done");
            assertThat(stage.copies()).as("page 0 is in both tiers").isEqualTo(3);
            assertThat(pool.stats().encodedBytes()).isEqualTo(2L * Stage.PAGE);
            assertThat(stage.put(pool, FILE, 0, 2)).as("no growth").isTrue();
            stage.tier(1).gate().open("put-done");
            assertThat(join(third)).isTrue();
            assertThat(pool.stats().encodedBytes()).isEqualTo(3L * Stage.PAGE);
            assertThat(refusal(pool, 3, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
        }
    }

    /** Below, pages are kept raw: what would pass the cap by that stays, or is dropped. */
    @ParameterizedTest
    @EnumSource
    void aMoveThatWouldPassTheCapIsGivenUp(PageKind kind) {
        AtomicInteger tiers = new AtomicInteger();
        UnaryOperator<TierConfig> change = tier -> tier.withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE)
                .withCodec(tiers.getAndIncrement() == 0 ? "lz4" : "none");
        try (Stage stage =
                Stage.over(change, KeyedTestBackend.local(Stage.PAGE), KeyedTestBackend.local(20L * Stage.PAGE))) {
            PagePool measured = stage.open(PoolConfig.persistent("other"));
            put(measured, 0, Shape.COMPRESSIBLE);
            long length = measured.stats().encodedBytes();
            measured.flushObject(FILE);
            // room for one page that has become longer below, and one more short one than fit above
            long cap = Stage.PAGE + (Stage.PAGE / length + 1) * length + 100;
            PagePool pool = stage.open(capped(kind, 1).withQuota(Size.ofBytes(cap)));
            int index = 0;
            while (stage.stats(1).movesRefused() == 0 && index < 20) {
                put(pool, index++, Shape.COMPRESSIBLE);
                assertThat(pool.stats().encodedBytes()).isBetween(0L, cap);
            }
            assertThat(stage.stats(1).movesRefused())
                    .as("of pages of %d bytes, %s", length, stage.store().stats())
                    .isPositive();
            assertThat(stage.stats(1).ephemeralPages() + stage.stats(1).persistentPages())
                    .as("raw pages that fit the cap")
                    .isEqualTo(1);
            assertThat(stage.stats(1).evicted()).as("nobody goes below in vain").isZero();
            if (kind == PageKind.PERSISTENT) {
                assertThat(pool.pageCount()).isEqualTo(index - pool.stats().refusedTotal());
            }
        }
    }

    // ---- many threads

    @Test
    void capsHoldAtEveryMoment() {
        PageStore store = stores.open(StoreConfig.ofChain(
                List.of(TierConfig.of("heap", Size.parse("512KiB")), TierConfig.of("offheap", Size.parse("1MiB"))),
                List.of()));
        long cap = 60L * Stage.PAGE;
        PagePool clean = stores.pool(store, capped(PageKind.EPHEMERAL, 60));
        PagePool dirty = stores.pool(store, PoolConfig.persistent("dirty").withQuota(Size.ofBytes(cap)));
        PagePool free = stores.pool(store, PoolConfig.ephemeral("free").withWeight(2));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger working = new AtomicInteger(3);
        new Race()
                .with(3, number -> {
                    work(new Random(number), clean, dirty, free);
                    done.set(working.decrementAndGet() == 0);
                })
                .with(() -> {
                    while (!done.get()) {
                        assertThat(clean.stats().encodedBytes()).isBetween(0L, cap);
                        for (PoolStats pool : store.stats().pools()) {
                            assertThat(pool.encodedBytes()).isGreaterThanOrEqualTo(0);
                            assertThat(pool.quotaBytes() == 0 || pool.encodedBytes() <= pool.quotaBytes())
                                    .as("%s", pool)
                                    .isTrue();
                        }
                    }
                })
                .run();
        assertThat(dirty.stats().refused().getOrDefault(Refusal.OVER_QUOTA, 0L)).isPositive();
        assertThat(clean.stats().evicted()).isPositive();
    }

    private static void work(Random random, PagePool... pools) {
        byte[] buffer = new byte[Stage.PAGE];
        for (int i = 0; i < 15_000; i++) {
            PagePool pool = pools[random.nextInt(pools.length)];
            long index = random.nextInt(150);
            switch (random.nextInt(8)) {
                case 0 -> pool.flush(FILE, index);
                case 1 -> pool.get(FILE, index, buffer);
                default -> pool.put(FILE, index, page(index, Shape.at(random.nextInt(9))));
            }
        }
    }

    // ---- the end of a pool, and the directory

    @Test
    void aPoolOpenedAnewStartsEmpty() {
        try (Stage stage = Stage.of(8)) {
            for (int round = 0; round < 3; round++) {
                PagePool pool = stage.store().pool(capped(PageKind.PERSISTENT, 4));
                for (int index = 0; index < 4; index++) {
                    assertThat(put(pool, index, Shape.INCOMPRESSIBLE)).isTrue();
                }
                assertThat(refusal(pool, 4, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
                pool.close();
            }
        }
    }

    @Test
    void aFullDirectoryIsSharedByWeightToo() {
        try (Stage stage = Stage.withDirectory("1B", 100)) { // the least there is: 64 entries
            PagePool light = stage.open(PoolConfig.ephemeral("light"));
            PagePool heavy = stage.open(PoolConfig.ephemeral("heavy").withWeight(3));
            for (int index = 0; index < 100; index++) {
                assertThat(put(light, index, Shape.SAME_FILLED)).isTrue();
            }
            assertThat(light.pageCount()).as("nobody else wants them").isEqualTo(64);
            for (int index = 0; index < 300; index++) {
                assertThat(put(heavy, index, Shape.SAME_FILLED)).isTrue();
                assertThat(put(light, 1_000 + index, Shape.at(index % 2 * 2L))).isTrue();
            }
            assertThat(light.pageCount()).isBetween(15L, 17L);
            assertThat(heavy.pageCount()).isBetween(47L, 49L);
        }
    }

    /** Of persistent pools the one with most bytes moves down. */
    @Test
    void theLargestPersistentPoolMovesDown() {
        UnaryOperator<TierConfig> demoting = tier -> tier.withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
        try (Stage stage = Stage.of(demoting, 4, 8)) {
            PersistentPool small = stage.persistent(GetMode.INCLUSIVE);
            PersistentPool large = stage.persistent(GetMode.INCLUSIVE);
            stage.put(small, OTHER, 0, 1);
            for (int index = 0; index < 6; index++) {
                stage.put(large, FILE, index, 1);
            }
            assertThat(stage.stats(1).persistentPages()).isEqualTo(3);
            stage.tier(0).gate().shutForOne("get");
            CompletableFuture<Long> reading = start(() -> stage.get(small, OTHER, 0));
            stage.tier(0).gate().awaitArrival("get"); // it is read from the first tier
            stage.tier(0).gate().open("get");
            assertThat(join(reading)).isEqualTo(1);
        }
    }
}
