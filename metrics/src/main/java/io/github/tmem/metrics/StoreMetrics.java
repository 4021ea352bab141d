package io.github.tmem.metrics;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one store as meters of one Micrometer registry, and the latencies of its operations as timers. All
 * meters are named {@code tmem.…}; {@code docs/metrics.md} lists them.
 *
 * <pre>{@code
 * try (StoreMetrics metrics = StoreMetrics.bind(store, registry)) {
 *     …
 * }
 * }</pre>
 *
 * <p>Counters are polled: the first meter read after {@link #SNAPSHOT_MAX_NANOS} asks the store for its statistics, the
 * meters read after it take theirs from the same snapshot. A scrape thus costs one look at the store. The same moment
 * serves to give meters to pools and tiers that are new and take them from those that are gone, because Micrometer tells
 * nobody that a scrape begins, and its {@code MultiGauge} knows no counters. So a pool is seen at the latest in the second
 * scrape after it was opened, and never seen if it was closed between two scrapes. A pool opened anew under an old name
 * counts from 0, as after a restart.
 *
 * <p>Latencies are pushed: the store's {@link Recorder} is attached from {@link #bindTo} to {@link #close}. Recording
 * allocates nothing. A store has one recorder, so one object of this class at a time.
 *
 * <p>The registry keeps the store reachable until {@link #close}. When the store is closed first, its meters go with the
 * next scrape. Close removes the meters and detaches the recorder; it does not close the store. Thread-safe.
 */
public final class StoreMetrics implements MeterBinder, AutoCloseable {

    /** How long a snapshot of the statistics serves, in nanoseconds: longer than a scrape, shorter than its interval. */
    public static final long SNAPSHOT_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PageStore store;
    private final Tags tags;
    private final LongSupplier ticker;
    private final Object lock = new Object();
    private @Nullable Bound bound; // guarded by lock
    private volatile long staleFrom;
    private volatile boolean closed;

    /** What a registry has of the store. */
    private record Bound(
            MeterRows<PoolStats> pools,
            MeterRows<TierStats> tiers,
            MeterRows<DirectoryStats> directories,
            Latencies latencies) {

        void follow(StoreStats stats) {
            pools.follow(stats.pools());
            tiers.follow(stats.tiers());
            directories.follow(stats.directories());
            latencies.follow(stats);
        }

        void remove() {
            pools.follow(List.of());
            tiers.follow(List.of());
            directories.follow(List.of());
            latencies.remove();
        }
    }

    /** Metrics of {@code store}, bound to no registry yet. */
    public StoreMetrics(PageStore store) {
        this(store, Tags.empty());
    }

    /**
     * Metrics of {@code store}, bound to no registry yet.
     *
     * @param tags added to every meter; two stores that share a registry need one that tells them apart
     */
    public StoreMetrics(PageStore store, Iterable<Tag> tags) {
        this(store, tags, System::nanoTime);
    }

    /**
     * Metrics with another source of time.
     *
     * @param ticker nanoseconds from any origin
     */
    StoreMetrics(PageStore store, Iterable<Tag> tags, LongSupplier ticker) {
        this.store = store;
        this.tags = Tags.of(tags);
        this.ticker = ticker;
    }

    /**
     * Metrics of {@code store} in {@code registry}.
     *
     * @throws IllegalStateException if the store has another recorder
     * @throws PoolClosedException if the store is closed
     */
    public static StoreMetrics bind(PageStore store, MeterRegistry registry) {
        StoreMetrics metrics = new StoreMetrics(store);
        metrics.bindTo(registry);
        return metrics;
    }

    /**
     * Registers the meters and attaches the recorder. Nothing is registered when it throws.
     *
     * @throws IllegalStateException if this has been bound or closed before (for several registries use a {@code
     *     CompositeMeterRegistry}), or the store has another recorder
     * @throws PoolClosedException if the store is closed
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        synchronized (lock) {
            if (bound != null || closed) {
                throw new IllegalStateException("bound before; several registries make one CompositeMeterRegistry");
            }
            Bound fresh = new Bound(
                    new MeterRows<>(registry, PoolMeasures.of(tags), this::refresh),
                    new MeterRows<>(registry, TierMeasures.of(tags), this::refresh),
                    new MeterRows<>(registry, DirectoryMeasures.of(tags), this::refresh),
                    new Latencies(registry, tags));
            StoreStats stats = store.stats();
            store.record(fresh.latencies);
            bound = fresh;
            staleFrom = ticker.getAsLong() + SNAPSHOT_MAX_NANOS;
            try {
                fresh.follow(stats);
            } catch (RuntimeException registryRefuses) {
                close();
                throw registryRefuses;
            }
        }
    }

    /** Called before every read of a meter: sees to it that what is read is fresh. */
    private void refresh() {
        // a registry may read a meter at once when it is registered, which happens in here
        if (isFresh() || Thread.holdsLock(lock)) {
            return;
        }
        synchronized (lock) {
            if (isFresh() || bound == null) {
                return;
            }
            try {
                bound.follow(store.stats());
            } catch (PoolClosedException storeIsClosed) {
                close();
            }
            staleFrom = ticker.getAsLong() + SNAPSHOT_MAX_NANOS;
        }
    }

    private boolean isFresh() {
        return closed || ticker.getAsLong() - staleFrom < 0;
    }

    /** Detaches the recorder and removes the meters. Closing again has no effect. */
    @Override
    public void close() {
        synchronized (lock) {
            if (bound != null) {
                store.record(Recorder.disabled());
                bound.remove();
                bound = null;
            }
            closed = true;
        }
    }
}
