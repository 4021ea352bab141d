package io.github.tmem.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.SelfChecking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoresTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1,1", "7,1", "2047,1", "2048,2", "5000,4"})
    void holdExactlyThePagesAskedFor(int pages, int shards) {
        PageContent content = new PageContent();
        try (PageStore store = Stores.open(Stores.exact().holding(pages))) {
            EphemeralPool pool = store.ephemeral("p", GetMode.INCLUSIVE);
            for (long page = 0; page < 2L * pages; page++) {
                assertThat(pool.put(ObjectId.of(1), page, content.of(page)).stored())
                        .isTrue();
                assertThat(pool.pageCount()).isEqualTo(Math.min(page + 1, pages));
            }
            assertThat(store.stats().tiers().getFirst().usedBytes()).isEqualTo(4096L * pages);
            assertThat(store.stats().directories().getFirst().shards()).isEqualTo(shards);
            ((SelfChecking) store).verify();
        }
    }

    @Test
    void keepTheProportionsOfAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), """
                chains:
                  default:
                    - tier: heap
                      capacity: 10MiB
                    - tier: offheap
                      capacity: 30MiB
                      codec: none
                """);
        Stores stores = Stores.of(file);
        assertThat(capacities(stores.asWritten())).containsExactly(10L << 20, 30L << 20);
        StoreConfig scaled = stores.holding(1000);
        assertThat(capacities(scaled)).containsExactly(1_024_000L, 3_072_000L);
        assertThat(tiers(scaled).getLast().codec()).isEqualTo("none");
        assertThat(Stores.describe(stores.asWritten())).isEqualTo("heap 10 MiB > offheap 30 MiB");
    }

    private static List<TierConfig> tiers(StoreConfig config) {
        return config.chains().values().iterator().next();
    }

    private static List<Long> capacities(StoreConfig config) {
        return tiers(config).stream().map(tier -> tier.capacity().bytes()).toList();
    }
}
