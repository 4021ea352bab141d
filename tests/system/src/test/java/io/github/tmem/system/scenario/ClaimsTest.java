package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.FilterBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Persistent puts that claim the room of ephemeral pages (L9), and are in each other's way or need more than that. */
class ClaimsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = 4096;

    /** Takes a quarter of a tier of 4 MiB. */
    private static final int LARGE = 1 << 20;

    /** A slab of a tier this small holds four pages. */
    private static final int IN_A_SLAB = 4;

    private static final int SLABS = 4;
    private static final long CAPACITY = SLABS * 16_448L;

    private final Gate gate = new Gate();
    private final AtomicInteger claims = new AtomicInteger();

    /** Stops who has claimed something before he hears of it. */
    private final class WatchedClaims extends FilterBackend {
        WatchedClaims(Backend wrapped) {
            super(wrapped);
        }

        @Override
        protected @Nullable Claim claim(ClaimGoal goal, int length) {
            Claim claim = super.claim(goal, length);
            claims.incrementAndGet();
            if (claim != null) {
                gate.arrive("claimed");
            }
            return claim;
        }
    }

    private static boolean put(PagePool pool, long index) {
        byte[] page = Pages.make(new PageKey(FILE, index), 1, Shape.INCOMPRESSIBLE, pool.pageSize());
        return pool.put(FILE, index, page).stored();
    }

    private static CompletableFuture<Boolean> start(PagePool pool, long index) {
        return CompletableFuture.supplyAsync(
                () -> put(pool, index), task -> Thread.ofPlatform().start(task));
    }

    @Test
    void aPersistentPutWaitsForWhatAnothersClaimLeavesOver() {
        try (TestBackends.Registration registration = TestBackends.register(
                        "wrapped", config -> new WatchedClaims(TestBackends.installed("heap", config)).asBackend());
                PageStore store = PageStore.builder()
                        .tier(registration.tier(CAPACITY).withWhenFull(FullAction.EVICT, FullAction.FORWARD))
                        .open();
                Gate shut = gate) {
            PagePool clean = store.pool(PoolConfig.ephemeral("clean").withPageSize(PAGE));
            PagePool dirty = store.pool(PoolConfig.persistent("dirty").withPageSize(PAGE));
            for (int i = 0; i < IN_A_SLAB; i++) {
                assertThat(put(clean, i)).isTrue();
            }
            int fits = (SLABS - 1) * IN_A_SLAB;
            for (int i = 0; i < fits; i++) {
                assertThat(put(dirty, i)).isTrue();
            }
            assertThat(claims).as("all slabs are full, none was claimed").hasValue(0);
            shut.shutForOne("claimed");
            CompletableFuture<Boolean> first = start(dirty, fits);
            shut.awaitArrival("claimed");
            CompletableFuture<Boolean> second = start(dirty, fits + 1);
            Race.until(() -> second.isDone() || claims.get() > 2);
            shut.open("claimed");
            assertThat(first.join()).isTrue();
            assertThat(second.join())
                    .as("the first took one page's room of four")
                    .isTrue();
            assertThat(clean.pageCount()).isZero();
        }
    }

    /** What moving copies frees, and what ephemeral pages have, are each too little, and together enough. */
    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void aLongPersistentPageGetsTheRoomOfBoth(String type) {
        int slabs = 256;
        try (PageStore store = PageStore.builder()
                .tier(TierConfig.of(type, Size.parse("4MiB")).withWhenFull(FullAction.EVICT, FullAction.FORWARD))
                .open()) {
            PagePool clean = store.pool(PoolConfig.ephemeral("clean").withPageSize(PAGE));
            // slots of another size, or the holes would serve the long page as they are
            PagePool dirty = store.pool(PoolConfig.persistent("dirty").withPageSize(PAGE / 2));
            for (int i = 0; i < slabs * IN_A_SLAB * 15 / 100; i++) {
                assertThat(put(clean, i)).isTrue();
            }
            int fits = 0;
            while (clean.stats().evicted() == 0) {
                assertThat(put(dirty, fits++)).isTrue();
            }
            for (int i = 0; i < fits; i += 5) {
                dirty.flush(FILE, i);
            }
            PagePool large = store.pool(PoolConfig.persistent("large").withPageSize(LARGE));
            byte[] page = Pages.make(new PageKey(FILE, 0), 1, Shape.INCOMPRESSIBLE, LARGE);
            assertThat(large.put(FILE, 0, page).stored()).isTrue();
            ((SelfChecking) store).verify();
            assertThat(dirty.pageCount()).isEqualTo(fits - (fits + 4) / 5);
        }
    }
}
