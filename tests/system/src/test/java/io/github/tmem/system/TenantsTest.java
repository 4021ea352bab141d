package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools that share a chain: what a cap refuses, and shares of the directory. Shares of tiers: scenario S50. */
class TenantsTest {
    private static final ObjectId FILE = CappedPools.FILE;
    private static final ObjectId OTHER = ObjectId.of(2);

    @Test
    void aPersistentPutAboveTheQuotaIsRefusedAndEndsTheOlderPage() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 2));
            assertThat(CappedPools.put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(CappedPools.refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(CappedPools.put(pool, 0, Shape.INCOMPRESSIBLE))
                    .as("the difference fits")
                    .isTrue();
            assertThat(CappedPools.put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(pool, 2, Shape.COMPRESSIBLE)).isTrue();
            assertThat(CappedPools.refusal(pool, 0, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
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
            PagePool pool = stage.open(CappedPools.config(kind, 2));
            for (int version = 1; version <= 3; version++) {
                assertThat(stage.put(pool, FILE, 0, version)).isTrue();
                assertThat(stage.put(pool, FILE, 1, version)).isTrue();
            }
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(3);
            assertThat(pool.stats().refusedTotal()).isZero();
        }
    }

    @Test
    void ephemeralPagesOfTheSamePoolGiveWayAndNobodyElses() {
        try (Stage stage = Stage.of(8)) {
            PagePool other = stage.open(PoolConfig.ephemeral("other").withGetMode(GetMode.INCLUSIVE));
            for (int index = 0; index < 5; index++) {
                other.put(OTHER, index, Stage.page(OTHER, index, 1));
            }
            PagePool pool = stage.open(CappedPools.config(PageKind.EPHEMERAL, 3));
            for (int index = 0; index < 20; index++) {
                assertThat(CappedPools.put(pool, index, Shape.INCOMPRESSIBLE)).isTrue();
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
            PagePool pool = stage.open(CappedPools.config(PageKind.EPHEMERAL, 1));
            String local = stage.stats(0).tier();
            stage.chain().freeze(local);
            assertThat(CappedPools.put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            stage.chain().thaw(local);
            stage.tier(1).gate().shut("flush");
            CompletableFuture<Boolean> putting = start(() -> CappedPools.put(pool, 1, Shape.INCOMPRESSIBLE));
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
            PagePool pool = stage.open(CappedPools.config(PageKind.EPHEMERAL, 2));
            int small = 0;
            while (pool.stats().evicted() == 0) {
                assertThat(CappedPools.put(pool, small++, Shape.COMPRESSIBLE)).isTrue();
            }
            assertThat(pool.pageCount()).isGreaterThan(4);
            assertThat(CappedPools.refusal(pool, 100, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(pool.stats().evicted()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameFilledPagesHaveNoBytes(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            PagePool pool = stage.open(CappedPools.config(kind, 1));
            assertThat(CappedPools.put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            for (int index = 1; index < 40; index++) {
                assertThat(CappedPools.put(pool, index, Shape.SAME_FILLED)).isTrue();
            }
            assertThat(pool.pageCount()).isEqualTo(40);
            assertThat(CappedPools.put(pool, 0, Shape.SAME_FILLED)).isTrue();
            assertThat(pool.stats().encodedBytes()).isZero();
            assertThat(CappedPools.put(pool, 7, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(pool.stats().encodedBytes()).isEqualTo(Stage.PAGE);
        }
    }

    /** A put that is clearly above the cap takes nobody's room, not even for a moment, and no entry of the directory. */
    @Test
    void aPutAboveTheCapReachesNoTier() {
        try (Stage stage = Stage.of(2)) {
            PagePool other = stage.open(PoolConfig.ephemeral("other"));
            other.put(OTHER, 0, Stage.page(OTHER, 0, 1));
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 1));
            assertThat(CappedPools.put(pool, 0, Shape.INCOMPRESSIBLE)).isTrue();
            for (int index = 1; index < 10; index++) {
                assertThat(CappedPools.refusal(pool, index, Shape.INCOMPRESSIBLE))
                        .isEqualTo(Refusal.OVER_QUOTA);
            }
            assertThat(other.pageCount()).isEqualTo(1);
            assertThat(stage.stats(0).full()).isZero();
        }
    }

    @Test
    void whatIsAskedOfTheQuotaIsTheEncodedLength() {
        try (Stage stage = Stage.of(8)) {
            PagePool other = stage.persistent(GetMode.INCLUSIVE);
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 1));
            assertThat(CappedPools.put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(other, 0, Shape.INCOMPRESSIBLE)).isTrue(); // which leaves its length behind
            assertThat(CappedPools.put(pool, 1, Shape.COMPRESSIBLE)).isTrue();
        }
    }

    /** The first tier, whose form of the page is measured, is passed by. */
    @Test
    void whatPassesTheFirstTierByIsMeasuredAllTheSame() {
        UnaryOperator<TierConfig> change = tier ->
                tier.withWhenFull(FullAction.FORWARD, FullAction.FORWARD).withWatermarks(100, 50);
        try (Stage stage = Stage.of(change, 1, 8)) {
            PagePool other = stage.open(PoolConfig.ephemeral("other").withGetMode(GetMode.INCLUSIVE));
            PagePool pool = stage.open(CappedPools.config(PageKind.EPHEMERAL, 1));
            assertThat(CappedPools.put(other, 0, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(other, 1, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            assertThat(CappedPools.put(other, 2, Shape.INCOMPRESSIBLE)).isTrue(); // which leaves its length behind
            assertThat(CappedPools.put(pool, 1, Shape.COMPRESSIBLE)).isTrue();
            assertThat(stage.stats(0).full())
                    .as("puts that found it full, or passed it by")
                    .isEqualTo(4);
            assertThat(pool.pageCount()).isEqualTo(2);
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
            CappedPools.put(measured, 0, Shape.COMPRESSIBLE);
            long length = measured.stats().encodedBytes();
            measured.flushObject(FILE);
            // room for one page that has become longer below, and one more short one than fit above
            long cap = Stage.PAGE + (Stage.PAGE / length + 1) * length + 100;
            PagePool pool = stage.open(CappedPools.config(kind, 1).withQuota(Size.ofBytes(cap)));
            int index = 0;
            while (stage.stats(1).movesRefused() == 0 && index < 20) {
                CappedPools.put(pool, index++, Shape.COMPRESSIBLE);
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

    // ---- the end of a pool, and the directory

    @Test
    void aPoolOpenedAnewStartsEmpty() {
        try (Stage stage = Stage.of(8)) {
            for (int round = 0; round < 3; round++) {
                PagePool pool = stage.store().pool(CappedPools.config(PageKind.PERSISTENT, 4));
                for (int index = 0; index < 4; index++) {
                    assertThat(CappedPools.put(pool, index, Shape.INCOMPRESSIBLE))
                            .isTrue();
                }
                assertThat(CappedPools.refusal(pool, 4, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
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
                assertThat(CappedPools.put(light, index, Shape.SAME_FILLED)).isTrue();
            }
            assertThat(light.pageCount()).as("nobody else wants them").isEqualTo(64);
            for (int index = 0; index < 300; index++) {
                assertThat(CappedPools.put(heavy, index, Shape.SAME_FILLED)).isTrue();
                assertThat(CappedPools.put(light, 1_000 + index, Shape.at(index % 2 * 2L)))
                        .isTrue();
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
