package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A pool, random work on it, and what its caller saw come of that. Belongs to one thread. */
final class CountedPool {
    private static final int OBJECTS = 3;
    private static final int INDEXES = 80;

    private final PagePool pool;
    private final byte[] buffer;
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private PoolStats seen;
    private long stored;
    private long hits;
    private long misses;
    private long unavailable;
    private long lostGets;
    private long ended;

    CountedPool(PagePool pool) {
        this.pool = pool;
        buffer = new byte[pool.pageSize()];
        seen = pool.stats();
    }

    void step(SplittableRandom random) {
        PageKey key = PageKey.of(random.nextInt(OBJECTS), random.nextInt(INDEXES));
        int choice = random.nextInt(100);
        if (choice < 50) {
            put(key, random);
        } else if (choice < 90) {
            get(key);
        } else if (choice < 99) {
            ended += pool.flush(key.object(), key.index()) ? 1 : 0;
        } else {
            ended += pool.flushObject(key.object());
        }
    }

    private void put(PageKey key, SplittableRandom random) {
        Shape shape = random.nextInt(8) == 0
                ? Shape.SAME_FILLED
                : random.nextBoolean() ? Shape.COMPRESSIBLE : Shape.INCOMPRESSIBLE;
        PutResult result = pool.put(key.object(), key.index(), Pages.make(key, 1, shape, buffer.length));
        if (result.stored()) {
            stored++;
        } else {
            refused.merge(result.refusal(), 1L, Long::sum);
        }
    }

    private void get(PageKey key) {
        try {
            if (pool.get(key.object(), key.index(), buffer)) {
                hits++;
            } else {
                misses++;
            }
        } catch (PageUnavailableException e) {
            unavailable++;
        } catch (PageLostException e) {
            lostGets++;
        }
    }

    /** Holds the pool's counts against what was seen, and keeps them. */
    void check() {
        PoolStats stats = pool.stats();
        assertThat(stats.stored()).as("stored in %s", stats).isEqualTo(stored);
        assertThat(stats.refused()).as("refused in %s", stats).isEqualTo(refused);
        assertThat(stats.hits()).as("hits in %s", stats).isEqualTo(hits);
        assertThat(stats.misses()).as("misses in %s", stats).isEqualTo(misses);
        assertThat(stats.unavailable()).as("unavailable in %s", stats).isEqualTo(unavailable);
        assertThat(stats.lostGets()).as("lostGets in %s", stats).isEqualTo(lostGets);
        assertThat(stats.taken()).as("taken in %s", stats).isEqualTo(pool.getMode() == GetMode.EXCLUSIVE ? hits : 0);
        assertThat(ended)
                .as("pages flushed by the caller, some of them lost, in %s", stats)
                .isBetween(stats.flushed(), stats.flushed() + stats.lost());
        assertThat(stats.lostPages()).as("lostPages in %s", stats).isBetween(0L, stats.pages());
        seen = stats;
    }

    /** The counts of the last {@link #check}. */
    PoolStats seen() {
        return seen;
    }
}
