package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.PoolConfig;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A name under which many threads use, destroy and open pools. Thread-safe. */
final class SharedPool {
    /** One operation in so many destroys the pool. */
    private static final int OPERATIONS_PER_POOL = 500;

    private final PageStore store;
    private final PoolConfig config;
    private final Weather weather;
    private final Tally tally;
    private final AtomicLong clock = new AtomicLong();
    private volatile SharedPages current;

    SharedPool(PageStore store, PoolConfig config, Weather weather, Tally tally) {
        this.store = store;
        this.config = config;
        this.weather = weather;
        this.tally = tally;
        current = open();
    }

    private SharedPages open() {
        PagePool pool = store.pool(config);
        return new SharedPages(pool, clock, weather, tally);
    }

    void step(SplittableRandom random) {
        SharedPages pages = current;
        if (random.nextInt(OPERATIONS_PER_POOL) == 0) {
            destroy(pages);
            return;
        }
        boolean destroyed = pages.isDestroyed();
        try {
            pages.step(random);
        } catch (PoolClosedException e) {
            if (!pages.isEnding()) {
                throw e;
            }
            tally.add("operations ended by the end of the pool", 1);
            return;
        }
        assertThat(destroyed)
                .as("the pool was destroyed before an operation on it began")
                .isFalse();
    }

    /** Whoever comes first destroys the pool, whatever the others are doing to it, and opens the next. */
    private void destroy(SharedPages pages) {
        if (pages.destroy()) {
            current = open();
            tally.add("DESTROY", 1);
        }
    }

    /** Nobody else is at work: gets every page. */
    void getEveryPage() {
        current.getEveryPage();
    }

    /** From now on every page can be reached. */
    void outagesEnded() {
        current.outagesEnded();
    }

    /** Once no thread is at work: what the pool says about itself agrees with itself. */
    void checkAtRest() {
        current.checkAtRest();
    }

    void close() {
        current.destroy();
    }
}
