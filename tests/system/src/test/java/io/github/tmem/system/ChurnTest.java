package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Race;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A tier that was full, lost 70 % of its pages at random and was filled with pages of other lengths until the first one was
 * refused or pushed another out, holds at least 90 % of what a fresh tier holds of the same pages: what is left of the first
 * ones moves together. Without that it would be 30 to 60 %.
 */
class ChurnTest {
    private static final int CAPACITY = 8 << 20;
    private static final double WORST = 0.9;
    private static final int FLUSHED_PERCENT = 70;
    private static final int PAGE_SIZE = 4096;

    /** The most pages that an ephemeral put pushes out. */
    private static final int EVICTED_MAX = 2;

    private static final ObjectId FIRST = ObjectId.of(1);
    private static final ObjectId SECOND = ObjectId.of(2);

    /** How many bytes of a page do not compress. */
    enum Lengths {
        SHORT(300, 1400),
        LONG(1400, 3500);

        private final int least;
        private final int bound;

        Lengths(int least, int bound) {
            this.least = least;
            this.bound = bound;
        }

        /** The page with this number, always the same one. */
        byte[] page(int number) {
            SplittableRandom random = new SplittableRandom(number);
            byte[] head = new byte[random.nextInt(least, bound)];
            random.nextBytes(head);
            byte[] page = new byte[PAGE_SIZE];
            System.arraycopy(head, 0, page, 0, head.length);
            return page;
        }
    }

    private static PageStore open(String tier) {
        return PageStore.builder()
                .tier(TierConfig.of(tier, Size.ofBytes(CAPACITY))
                        .withWhenFull(FullAction.EVICT, FullAction.FORWARD)
                        .withWatermarks(100, 100))
                .directory("4MiB")
                .open();
    }

    private static PagePool pool(PageStore store, PageKind kind) {
        return kind == PageKind.EPHEMERAL
                ? store.ephemeral("pages", GetMode.INCLUSIVE)
                : store.persistent("pages", GetMode.INCLUSIVE);
    }

    /** Puts pages until one is refused or pushes another out. Returns how many puts that took. */
    private static int fill(PagePool pool, ObjectId object, Lengths lengths) {
        long evicted = pool.stats().evicted();
        int puts = 0;
        boolean fits = true;
        while (fits) {
            fits = pool.put(object, puts, lengths.page(puts)).stored()
                    && pool.stats().evicted() == evicted;
            puts++;
        }
        return puts;
    }

    private static TierStats tier(PageStore store) {
        return store.stats().tiers().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "heap, EPHEMERAL, SHORT, LONG",
        "heap, PERSISTENT, LONG, SHORT",
        "offheap, EPHEMERAL, LONG, SHORT",
        "offheap, PERSISTENT, SHORT, LONG"
    })
    void isAsDenseAsAFreshTier(String type, PageKind kind, Lengths before, Lengths after) {
        BitSet kept = new BitSet();
        TierStats churned;
        try (PageStore store = open(type);
                PagePool pool = pool(store, kind)) {
            SplittableRandom random = new SplittableRandom(11);
            int puts = fill(pool, FIRST, before);
            for (int i = 0; i < puts; i++) {
                if (random.nextInt(100) < FLUSHED_PERCENT) {
                    pool.flush(FIRST, i);
                }
                kept.set(i, pool.contains(FIRST, i));
            }
            long left = pool.pageCount();
            int more = fill(pool, SECOND, after);
            churned = tier(store);
            ((SelfChecking) store).verify();
            int gone = kind == PageKind.PERSISTENT ? 1 : 1 + EVICTED_MAX;
            assertThat(pool.pageCount()).isBetween(left + more - gone, left + more - 1);
        }
        try (PageStore store = open(type);
                PagePool pool = pool(store, kind)) {
            kept.stream().forEach(i -> pool.put(FIRST, i, before.page(i)));
            fill(pool, SECOND, after);
            double ratio = (double) churned.rawBytes() / tier(store).rawBytes();
            System.out.printf("%s, %s, %s after %s: %.3f of a fresh tier%n", type, kind, after, before, ratio);
            assertThat(ratio).isGreaterThanOrEqualTo(WORST);
            assertThat(churned.relocated()).isPositive();
        }
    }

    /** A tier that was full passes ephemeral pages on until it is below its low watermark, where only emptied slabs bring it. */
    @ParameterizedTest
    @CsvSource({"70, 90", "25, 90", "25, 80", "15, 90"})
    void aTierThatForwardsTakesPagesAgain(int flushedPercent, int lowWatermark) {
        try (PageStore store = PageStore.builder()
                        .tier(TierConfig.of("heap", Size.ofBytes(CAPACITY))
                                .withWatermarks(95, lowWatermark)
                                .withWhenFull(FullAction.FORWARD, FullAction.FORWARD))
                        .tier(TierConfig.of("offheap", Size.ofBytes(CAPACITY))
                                .withWhenFull(FullAction.EVICT, FullAction.FORWARD))
                        .directory("4MiB")
                        .open();
                PagePool pool = pool(store, PageKind.EPHEMERAL)) {
            int puts = 0;
            while ("heap".equals(pool.put(FIRST, puts, Lengths.SHORT.page(puts)).tier())) {
                puts++;
            }
            long fresh = tier(store).rawBytes();
            SplittableRandom random = new SplittableRandom(11);
            for (int i = 0; i < puts; i++) {
                if (random.nextInt(100) < flushedPercent) {
                    pool.flush(FIRST, i);
                }
            }
            AtomicInteger more = new AtomicInteger();
            Race.until(() -> {
                int next = more.getAndIncrement();
                pool.put(SECOND, next, Lengths.SHORT.page(next));
                return tier(store).rawBytes() >= fresh * WORST;
            });
        }
    }
}
