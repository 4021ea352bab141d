package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts, overwrites and moves that meet at a cap: it holds at every step, and each page is charged once. */
class QuotaRacesTest {
    private static final ObjectId FILE = CappedPools.FILE;

    @RegisterExtension
    final StoreExtension stores = new StoreExtension();

    // ---- forced

    /** While an overwrite has given the old copy up and not yet stored the new one, its bytes are not for others. */
    @Test
    void whatAnOverwriteGaveUpStaysItsOwn() {
        try (Stage stage = Stage.of(2)) {
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 2));
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shut("flush-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(pool.stats().encodedBytes()).isEqualTo(2 * Stage.PAGE);
            assertThat(CappedPools.refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** Both puts found room under the quota for one of them; the swing decides. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofTwoPutsIntoTheLastRoomOneIsRefused(boolean overwrites) {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 2));
            assertThat(CappedPools.put(pool, 0, Shape.COMPRESSIBLE)).isTrue();
            if (overwrites) {
                assertThat(CappedPools.put(pool, 1, Shape.COMPRESSIBLE)).isTrue();
            }
            long left = 2L * Stage.PAGE - pool.stats().encodedBytes();
            assertThat(left).isLessThan(2L * Stage.PAGE);
            stage.tier(0).gate().shutFor("put-done", 2);
            CompletableFuture<Boolean> first = start(() -> CappedPools.put(pool, 1, Shape.INCOMPRESSIBLE));
            CompletableFuture<Boolean> second =
                    start(() -> CappedPools.put(pool, overwrites ? 0 : 2, Shape.INCOMPRESSIBLE));
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
            PagePool pool = stage.open(CappedPools.config(PageKind.EPHEMERAL, 1));
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> later = start(() -> CappedPools.put(pool, 0, Shape.INCOMPRESSIBLE));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(CappedPools.put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(later)).isTrue();
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(pool.pageCount()).isEqualTo(1);
            assertThat(pool.stats().evicted()).isEqualTo(1);
        }
    }

    /** Both puts found the key without a page; the later finds the earlier's when it swings. */
    @Test
    void twoPutsOfOneNewKeyAreChargedAsOnePage() {
        try (Stage stage = Stage.of(8)) {
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 2));
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
            assertThat(CappedPools.put(pool, 1, Shape.INCOMPRESSIBLE)).isTrue();
            assertThat(CappedPools.refusal(pool, 2, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
        }
    }

    @Test
    void aPageOnItsWayDownIsChargedOnce() {
        UnaryOperator<TierConfig> demoting = tier -> tier.withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
        try (Stage stage = Stage.of(demoting, 2, 4)) {
            PagePool pool = stage.open(CappedPools.config(PageKind.PERSISTENT, 3));
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
            assertThat(CappedPools.refusal(pool, 3, Shape.INCOMPRESSIBLE)).isEqualTo(Refusal.OVER_QUOTA);
        }
    }

    // ---- many threads

    @Test
    void capsHoldAtEveryMoment() {
        PageStore store = stores.open(StoreConfig.ofChain(
                List.of(TierConfig.of("heap", Size.parse("512KiB")), TierConfig.of("offheap", Size.parse("1MiB"))),
                List.of()));
        long cap = 60L * Stage.PAGE;
        PagePool clean = stores.pool(store, CappedPools.config(PageKind.EPHEMERAL, 60));
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
                default -> pool.put(FILE, index, CappedPools.page(index, Shape.at(random.nextInt(9))));
            }
        }
    }
}
