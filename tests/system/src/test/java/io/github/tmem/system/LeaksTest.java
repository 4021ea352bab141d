package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.kit.NativeMemory;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.FilterBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Memory is given back, and whoever forgets to is found out. */
class LeaksTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 512;
    private static final long CAPACITY = 4 << 20;
    private static final long SLACK = 64 << 10;

    /** A backend that says it has freed a copy, and has not. */
    private static final class Forgetful extends FilterBackend {
        Forgetful(Backend wrapped) {
            super(wrapped);
        }

        @Override
        public int flush(long locator) {
            return Outcome.DONE;
        }
    }

    private static void fill(PagePool pool) {
        for (int i = 0; i < PAGES; i++) {
            PageKey key = PageKey.of(1, i);
            pool.put(key.object(), i, Pages.make(key, 1, Shape.INCOMPRESSIBLE, PAGE));
        }
    }

    /** What the tiers and the directory say they have taken is what the process has taken, at all times. */
    @Test
    void P12_theMemoryTakenIsTheSumOfWhatTheTiersSay() {
        long before = NativeMemory.bytes();
        try (PageStore store =
                PageStore.builder().offHeap("4MiB").offHeap("4MiB").open()) {
            PagePool pool = store.pool(PoolConfig.persistent("pages"));
            long empty = NativeMemory.bytes() - before;
            fill(pool);
            StoreStats full = store.stats();
            assertThat(NativeMemory.bytes() - before).isBetween(said(full) - SLACK, empty + 2 * CAPACITY + SLACK);
            assertThat(said(full)).isGreaterThan((long) PAGES * PAGE);
            pool.close();
            StoreStats emptied = store.stats();
            assertThat(emptied.tiers()).allMatch(tier -> tier.usedBytes() == 0 && tier.encodedBytes() == 0);
        }
        assertThat(NativeMemory.bytes() - before).isLessThan(SLACK);
    }

    private static long said(StoreStats stats) {
        return stats.tiers().stream().mapToLong(tier -> tier.usedBytes()).sum()
                + stats.directories().stream()
                        .mapToLong(directory -> directory.bytes() - directory.ghostBytes())
                        .sum();
    }

    /** The walk through a store compares what a tier says it holds with what the directory says. */
    @Test
    void aTierThatHoldsSomethingElseThanTheDirectorySaysIsFoundOut() {
        try (Stage stage = Stage.of(4)) {
            PageKey key = PageKey.of(1, 0);
            stage.put(stage.persistent(GetMode.INCLUSIVE), key.object(), 0, 1);
            Map<Long, byte[]> contents = stage.tier(0).contents();
            stage.tier(0).restart(Map.of());
            assertThatThrownBy(stage::verify).isInstanceOf(AssertionError.class).hasMessageContaining("holds");
            long id = contents.keySet().iterator().next();
            stage.tier(0).restart(Map.of(id, new byte[PAGE / 2]));
            assertThatThrownBy(stage::verify).isInstanceOf(AssertionError.class).hasMessageContaining("holds");
            stage.tier(0).restart(contents);
            stage.verify();
        }
    }

    /** Any store that is closed with assertions on, as in all tests, notices. */
    @Test
    void P12_aBackendThatForgetsToFreeIsFoundOutAtTheEnd() {
        try (TestBackends.Registration tier = TestBackends.register(
                "wrapped", config -> new Forgetful(TestBackends.installed("offheap", config)).asBackend())) {
            PageStore store = PageStore.open(StoreConfig.ofChain(List.of(tier.tier(CAPACITY)), List.of()));
            fill(store.pool(PoolConfig.persistent("pages")));
            assertThatThrownBy(store::close).isInstanceOf(AssertionError.class).hasMessageContaining("still uses");
        }
    }
}
