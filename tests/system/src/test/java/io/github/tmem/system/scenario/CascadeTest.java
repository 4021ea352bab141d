package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import org.junit.jupiter.api.Test;

/** Pages that come to a tier from above go on down from it, also when no put stores there. */
class CascadeTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = 4096;
    private static final int PUTS = 1_000;

    /** What the first tier holds, nearly. */
    private static final int FILLING = 240;

    private static PageStore open() {
        return PageStore.builder()
                .tier(TierConfig.of("heap", Size.parse("1MiB")).withWatermarks(100, 100))
                .tier(TierConfig.of("offheap", Size.parse("1MiB")))
                .tier(TierConfig.of("offheap", Size.parse("8MiB")))
                .open();
    }

    private static void put(PagePool pool, int pages) {
        for (int index = 0; index < pages; index++) {
            byte[] page = Pages.make(new PageKey(FILE, index), 1, Shape.INCOMPRESSIBLE, PAGE);
            assertThat(pool.put(FILE, index, page).stored()).isTrue();
            Background.awaitRest();
        }
    }

    private static long evicted(PageStore store) {
        return store.stats().tiers().stream().mapToLong(TierStats::evicted).sum();
    }

    @Test
    void theBackgroundMovesOnWhatPutsPushIntoATier() {
        try (PageStore store = open()) {
            put(store.pool(PoolConfig.ephemeral("pages").withPageSize(PAGE)), PUTS);
            assertThat(store.stats().tiers().getLast().demotedIn()).isGreaterThan(PUTS / 4);
            assertThat(evicted(store)).isLessThan(PUTS / 10);
        }
    }

    /** A persistent page that takes the place of ephemeral ones pushes a whole slab of them down. */
    @Test
    void theBackgroundMovesOnWhatPersistentPagesPushIntoATier() {
        try (PageStore store = open()) {
            put(store.pool(PoolConfig.ephemeral("clean").withPageSize(PAGE)), PUTS / 2);
            put(store.pool(PoolConfig.persistent("dirty").withPageSize(PAGE)), FILLING);
            assertThat(evicted(store)).isLessThan(FILLING / 10);
        }
    }
}
