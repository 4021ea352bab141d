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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages that come to a tier from above go on down from it, also when no put stores there. */
class CascadeTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = 4096;
    private static final int PUTS = 1_000;

    @Test
    void theBackgroundMovesOnWhatPutsPushIntoATier() {
        try (PageStore store = PageStore.builder()
                .tier(TierConfig.of("heap", Size.parse("1MiB")).withWatermarks(100, 100))
                .tier(TierConfig.of("offheap", Size.parse("1MiB")))
                .tier(TierConfig.of("offheap", Size.parse("8MiB")))
                .open()) {
            PagePool pool = store.pool(PoolConfig.ephemeral("pages").withPageSize(PAGE));
            for (int index = 0; index < PUTS; index++) {
                byte[] page = Pages.make(new PageKey(FILE, index), 1, Shape.INCOMPRESSIBLE, PAGE);
                assertThat(pool.put(FILE, index, page).stored()).isTrue();
                Background.awaitRest();
            }
            List<TierStats> tiers = store.stats().tiers();
            assertThat(tiers.getLast().demotedIn()).isGreaterThan(PUTS / 4);
            assertThat(tiers.stream().mapToLong(TierStats::evicted).sum()).isLessThan(PUTS / 10);
        }
    }
}
