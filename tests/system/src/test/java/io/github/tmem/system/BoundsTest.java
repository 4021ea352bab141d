package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One operation does a bounded amount of work, whatever the state of the store (L10). {@link ModelTest} counts too. */
class BoundsTest {
    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    /** At a full directory the page that gives up its entry counts: it and one more, or two, but not three. */
    @Test
    void L10_atAFullDirectoryAnEphemeralPutPushesOutTwoPagesAtMost() {
        StoreConfig config = StoreConfig.ofChain(List.of(stores.checked("heap", 64 << 10)), List.of())
                .withDirectory(Size.ofBytes(3_000));
        PageStore store = stores.open(config);
        List<PagePool> pools = IntStream.of(512, 2048, 4096)
                .mapToObj(size -> stores.pool(
                        store, PoolConfig.ephemeral("pages of " + size).withPageSize(size)))
                .toList();
        SplittableRandom random = new SplittableRandom(1);
        long most = 0;
        for (int i = 0; i < 3_000; i++) {
            PagePool pool = pools.get(random.nextInt(pools.size()));
            Shape shape = random.nextInt(3) == 0 ? Shape.SAME_FILLED : Shape.INCOMPRESSIBLE;
            PageKey key = PageKey.of(1, i);
            long before = evicted(store);
            pool.put(key.object(), i, Pages.make(key, 1, shape, pool.pageSize()));
            most = Math.max(most, evicted(store) - before);
        }
        assertThat(most).isEqualTo(2);
    }

    private static long evicted(PageStore store) {
        return store.stats().pools().stream().mapToLong(PoolStats::evicted).sum();
    }
}
