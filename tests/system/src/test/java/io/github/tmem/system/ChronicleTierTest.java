package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is different about a tier whose engine says itself how much of the capacity copies take. */
@Timeout(180)
class ChronicleTierTest {
    private static final long CAPACITY = 4L << 20;
    private static final ObjectId FILE = ObjectId.of(1);

    private static PageStore open(TierConfig below) {
        return PageStore.builder()
                .tier(TierConfig.of("chronicle", Size.ofBytes(CAPACITY)).withCodec("none"))
                .tier(below)
                .open();
    }

    private static boolean put(EphemeralPool pool, long index) {
        PageKey key = new PageKey(FILE, index);
        return pool.put(FILE, index, Pages.make(key, 1, Shape.INCOMPRESSIBLE, pool.pageSize()))
                .stored();
    }

    private static TierStats chronicle(PageStore store) {
        return store.stats().tiers().getFirst();
    }

    /** The high watermark is one of all that copies take, which is more than their bytes. */
    @Test
    void theBackgroundMovesPagesDownBeforeTheTierIsFull() {
        try (PageStore store = open(TierConfig.of("offheap", Size.parse("8MiB")))) {
            EphemeralPool pool = store.ephemeral("pool", GetMode.INCLUSIVE);
            put(pool, 0);
            long pages = (long) (CAPACITY * 0.97 / chronicle(store).usedBytes());
            for (long index = 1; index < pages; index++) {
                assertThat(put(pool, index)).isTrue();
            }
            Race.until(() -> chronicle(store).demotedOut() > 0);
            Race.until(() -> chronicle(store).usedBytes() <= CAPACITY * 95 / 100);
            StoreExtension.verify(store);
        }
    }

    /** Far more pages than fit: all that is reserved stays within the capacity, and the counts add up. */
    @Test
    void aFloodStaysWithinTheCapacity() {
        try (PageStore store = open(TierConfig.of("heap", Size.parse("1MiB")))) {
            EphemeralPool pool = store.ephemeral("pool", GetMode.INCLUSIVE);
            for (long index = 0; index < 5000; index++) {
                assertThat(put(pool, index)).isTrue();
                assertThat(chronicle(store).usedBytes()).isLessThanOrEqualTo(CAPACITY);
            }
            assertThat(pool.pageCount()).isBetween(900L, 1100L);
            StoreExtension.verify(store);
        }
    }
}
