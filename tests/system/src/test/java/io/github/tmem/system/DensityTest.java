package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.SamplePages;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory does not rot: a tier that was filled, emptied at random to 30 % and filled again with pages of other sizes holds
 * at least 85 % of what a fresh one holds, stays within its capacity all the while, and refuses no persistent page while
 * ephemeral pages remain.
 */
class DensityTest {
    private static final int CAPACITY = 48 << 20;
    private static final double WORST = 0.85;
    private static final int REFUSALS = 100;
    private static final ObjectId FILE = ObjectId.of(1);

    /** Puts pages until a hundred were refused; returns what the tier then holds per byte of its capacity. */
    private static double fill(PageStore store, PagePool pool) {
        List<byte[]> pages = SamplePages.mixed(pool.pageSize(), 8192);
        int refused = 0;
        for (int i = 0; refused < REFUSALS; i++) {
            refused += pool.put(FILE, i, pages.get(i % pages.size())).stored() ? 0 : 1;
            if (i % 100 == 0) {
                assertThat(tier(store).usedBytes()).isLessThanOrEqualTo(CAPACITY);
            }
        }
        return (double) tier(store).rawBytes() / CAPACITY;
    }

    private static TierStats tier(PageStore store) {
        return store.stats().tiers().getFirst();
    }

    private static PageStore open(String type) {
        return PageStore.builder()
                .tier(TierConfig.of(type, Size.ofBytes(CAPACITY))
                        .withWhenFull(FullAction.EVICT, FullAction.FORWARD)
                        .withWatermarks(100, 100))
                .directory("8MiB")
                .open();
    }

    /** Copies a little longer than a chunk have small heads, and slabs for them also where all memory was others' before. */
    @ParameterizedTest
    @CsvSource({"1MiB, 4104", "8MiB, 4200"})
    void longValuesAreAsDenseAfterEphemeralOnesAsInAFreshTier(String capacity, int length) {
        assertThat(longValues(capacity, length, 2)).isGreaterThan(longValues(capacity, length, 0) * 19 / 20);
    }

    /** How many persistent values a tier takes that was filled with so many times its capacity of ephemeral ones. */
    private static int longValues(String capacity, int length, int fillings) {
        try (PageStore store = PageStore.builder()
                .tier(TierConfig.of("offheap", Size.parse(capacity)))
                .open()) {
            BlobPool pool = store.blobs("values");
            Random random = new Random(5);
            byte[] value = new byte[length];
            for (long i = 0; i < fillings * Size.parse(capacity).bytes() / length; i++) {
                random.nextBytes(value);
                pool.put(FILE, i, MemorySegment.ofArray(value), PageKind.EPHEMERAL);
            }
            int stored = 0;
            do {
                random.nextBytes(value);
                stored++;
            } while (pool.put(ObjectId.of(2), stored, MemorySegment.ofArray(value), PageKind.PERSISTENT)
                    .stored());
            ((SelfChecking) store).verify();
            return stored;
        }
    }

    private static PersistentPool persistent(PageStore store, int pageSize) {
        return (PersistentPool) store.pool(PoolConfig.persistent("p" + pageSize).withPageSize(pageSize));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void persistentPagesOfAnotherSizeFindTheRoomOfThoseFlushed(String type) {
        double fresh;
        try (PageStore store = open(type)) {
            fresh = fill(store, persistent(store, 8192));
        }
        try (PageStore store = open(type)) {
            PersistentPool first = persistent(store, 4096);
            fill(store, first);
            flushAtRandom(first);
            double again = fill(store, persistent(store, 8192));
            ((SelfChecking) store).verify();
            System.out.printf("%s: density %.3f fresh, %.3f after 70 %% went and others came%n", type, fresh, again);
            assertThat(again).isGreaterThanOrEqualTo(fresh * WORST);
        }
    }

    private static void flushAtRandom(PagePool pool) {
        Random random = new Random(11);
        long pages = pool.pageCount() + REFUSALS;
        for (long i = 0; i < pages; i++) {
            if (random.nextInt(10) < 7) {
                pool.flush(FILE, i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void noPersistentPageIsRefusedWhileEphemeralOnesRemain(String type) {
        try (PageStore store = open(type)) {
            EphemeralPool clean = store.ephemeral("clean", GetMode.INCLUSIVE);
            List<byte[]> small = SamplePages.mixed(4096, 8192);
            for (int i = 0; i < 30_000; i++) {
                clean.put(FILE, i, small.get(i % small.size()));
            }
            assertThat(clean.stats().evicted()).as("the tier is full").isPositive();
            PersistentPool dirty = persistent(store, 16384);
            List<byte[]> large = SamplePages.mixed(16384, 2048);
            int refused = 0;
            for (int i = 0; refused < REFUSALS; i++) {
                boolean stored = dirty.put(FILE, i, large.get(i % large.size())).stored();
                refused += stored ? 0 : 1;
                long evictable = clean.stats().pages() - clean.stats().sameFilled();
                assertThat(stored || evictable == 0)
                        .as("page %d was refused, %d ephemeral pages remain", i, evictable)
                        .isTrue();
            }
            ((SelfChecking) store).verify();
        }
    }
}
