package io.github.tmem.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = 4096;

    private final PageStore store =
            PageStore.builder().heap("1MiB").offHeap("1MiB").open();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();
    private final Random random = new Random(7);

    @AfterEach
    void close() {
        store.close();
    }

    private StoreMetrics bind() {
        StoreMetrics metrics = new StoreMetrics(store, Tags.empty(), now::get);
        metrics.bindTo(registry);
        return metrics;
    }

    private void passTime() {
        now.addAndGet(StoreMetrics.SNAPSHOT_MAX_NANOS);
    }

    private byte[] page() {
        byte[] page = new byte[PAGE];
        random.nextBytes(page);
        return page;
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private Timer timer(Operation operation, String tier) {
        return registry.get("tmem.latency")
                .tags("operation", Words.of(operation), "chain", "default", "tier", tier)
                .timer();
    }

    private Set<String> pools() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("pool"))
                .filter(pool -> pool != null)
                .collect(Collectors.toSet());
    }

    @Test
    void countsOfPoolsAndTiersAreThoseOfTheStatistics() {
        try (StoreMetrics metrics = bind()) {
            PersistentPool pool = store.persistent("swap", GetMode.INCLUSIVE);
            for (int i = 0; i < 600; i++) { // more than the chain holds
                pool.put(FILE, i, page());
            }
            pool.put(FILE, 1000, new byte[PAGE]);
            pool.get(FILE, 0, new byte[PAGE]);
            pool.get(FILE, 1000, new byte[PAGE]);
            pool.get(FILE, 2000, new byte[PAGE]);
            pool.flush(FILE, 0);
            passTime();
            gauge("tmem.directory.entries"); // the read that finds the pool
            double refused = pool.stats().refusedTotal();
            assertThat(refused).isPositive();
            assertThat(count("tmem.puts", "pool", "swap", "kind", "persistent", "outcome", "stored"))
                    .isEqualTo(601 - refused);
            assertThat(count("tmem.puts", "pool", "swap", "outcome", "refused", "reason", "full"))
                    .isEqualTo(refused);
            assertThat(count("tmem.puts", "pool", "swap", "reason", "directory-full"))
                    .isZero();
            assertThat(count("tmem.gets", "pool", "swap", "outcome", "hit")).isEqualTo(2);
            assertThat(count("tmem.gets", "pool", "swap", "outcome", "miss")).isEqualTo(1);
            assertThat(count("tmem.ended.pages", "pool", "swap", "cause", "flushed"))
                    .isEqualTo(1);
            assertThat(gauge("tmem.pages", "pool", "swap", "state", "same-filled"))
                    .isEqualTo(1);
            assertThat(gauge("tmem.pages", "pool", "swap", "state", "stored")).isEqualTo(599 - refused);
            assertThat(gauge("tmem.raw.bytes", "pool", "swap")).isEqualTo((600 - refused) * PAGE);
            assertThat(count("tmem.tier.puts", "tier", "offheap", "outcome", "full"))
                    .isEqualTo(refused);
            assertThat(gauge("tmem.tier.pages", "tier", "heap", "kind", "persistent")
                            + gauge("tmem.tier.pages", "tier", "offheap", "kind", "persistent"))
                    .isEqualTo(599 - refused);
            assertThat(gauge("tmem.tier.capacity.bytes", "tier", "heap")).isEqualTo(1 << 20);
            assertThat(gauge("tmem.directory.entries", "chain", "default")).isEqualTo(600 - refused);
            assertThat(count("tmem.directory.hits")).isEqualTo(1);
            assertThat(metrics).isNotNull();
        }
    }

    @Test
    void oneScrapeTakesOneSnapshot() {
        CountingStore counting = new CountingStore(store);
        try (StoreMetrics metrics = new StoreMetrics(counting, Tags.empty(), now::get)) {
            metrics.bindTo(registry);
            store.ephemeral("a");
            for (int scrape = 2; scrape < 5; scrape++) {
                passTime();
                registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));
                assertThat(counting.snapshots()).isEqualTo(scrape);
            }
        }
    }

    @Test
    void poolsComeAndGo() {
        try (StoreMetrics metrics = bind()) {
            PagePool first = store.ephemeral("first");
            first.put(FILE, 1, page());
            assertThat(gauge("tmem.directory.entries"))
                    .as("of the snapshot taken by bindTo")
                    .isZero();
            assertThat(pools()).isEmpty();
            passTime();
            assertThat(gauge("tmem.directory.entries")).isEqualTo(1);
            assertThat(pools()).containsExactly("first");
            store.persistent("second");
            first.close();
            passTime();
            gauge("tmem.directory.entries");
            assertThat(pools()).containsExactly("second");
            store.ephemeral("first");
            passTime();
            gauge("tmem.directory.entries");
            assertThat(count("tmem.puts", "pool", "first", "outcome", "stored"))
                    .as("a pool opened anew")
                    .isZero();
            assertThat(metrics).isNotNull();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aPoolThatChangesItsKindChangesItsTags() {
        try (StoreMetrics metrics = bind()) {
            PagePool pool = store.ephemeral("pool");
            passTime();
            gauge("tmem.directory.entries");
            pool.close();
            store.persistent("pool");
            passTime();
            gauge("tmem.directory.entries");
            assertThat(registry.find("tmem.puts").tag("kind", "ephemeral").meters())
                    .isEmpty();
            assertThat(registry.find("tmem.puts").tag("kind", "persistent").meters())
                    .hasSize(1 + Refusal.values().length);
            assertThat(metrics).isNotNull();
        }
    }

    @Test
    void samplesReachTheTimerOfTheirOperationAndTier() {
        try (StoreMetrics metrics = bind()) {
            PagePool pool = store.ephemeral("pool");
            byte[] page = page();
            for (int i = 0; i < 64 * Recorder.SAMPLED_ONE_IN; i++) {
                pool.put(FILE, 1, page);
            }
            // the chance that none of 4,096 is drawn, or twice the mean, is below 1e-15
            assertThat(timer(Operation.PUT, "heap").count()).isBetween(1L, 128L);
            assertThat(timer(Operation.PUT, "heap").totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
            assertThat(timer(Operation.PUT, "offheap").count()).isZero();
            assertThat(registry.find("tmem.latency")
                            .tags("tier", "heap", "operation", "demote")
                            .timer())
                    .as("nothing is demoted into the first tier")
                    .isNull();
            assertThat(metrics).isNotNull();
        }
    }

    @Test
    void closeDetachesTheRecorderAndRemovesEveryMeter() {
        Meter other = registry.counter("other");
        StoreMetrics metrics = bind();
        store.ephemeral("pool");
        metrics.close();
        metrics.close();
        assertThat(registry.getMeters()).containsExactly(other);
        try (StoreMetrics next = StoreMetrics.bind(store, registry)) {
            assertThat(registry.getMeters()).hasSizeGreaterThan(10);
            assertThat(next).isNotNull();
        }
        assertThatThrownBy(() -> metrics.bindTo(registry)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStoreThatIsClosedFirstLosesItsMetersWithTheNextScrape() {
        StoreMetrics metrics = bind();
        Meter entries = registry.get("tmem.directory.entries").gauge();
        store.close();
        passTime();
        entries.measure()
                .forEach(measurement -> assertThat(measurement.getValue()).isZero());
        assertThat(registry.getMeters()).isEmpty();
        metrics.close();
    }

    @Test
    void aSecondBindingIsRefusedAndLeavesNothingBehind() {
        try (StoreMetrics metrics = bind()) {
            MeterRegistry second = new SimpleMeterRegistry();
            assertThatThrownBy(() -> metrics.bindTo(second)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> StoreMetrics.bind(store, second))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("recorder");
            assertThat(second.getMeters()).isEmpty();
            store.close();
            assertThatThrownBy(() -> StoreMetrics.bind(store, second)).isInstanceOf(PoolClosedException.class);
        }
    }

    @Test
    void aRegistryThatRefusesLeavesTheStoreWithoutRecorder() {
        MeterRegistry refusing = new SimpleMeterRegistry();
        refusing.config().onMeterAdded(meter -> {
            if (meter.getId().getName().equals("tmem.latency")) {
                throw new IllegalArgumentException("scripted");
            }
        });
        assertThatThrownBy(() -> StoreMetrics.bind(store, refusing)).hasMessage("scripted");
        bind().close(); // the recorder's place is free
        assertThat(refusing.find("tmem.directory.entries").meters()).isEmpty();
    }

    @Test
    void twoStoresShareARegistryWhenTheirTagsDiffer() {
        try (PageStore other = PageStore.builder().heap("2MiB").open()) {
            StoreMetrics first = new StoreMetrics(store, Tags.of("store", "one"));
            StoreMetrics second = new StoreMetrics(other, Tags.of("store", "two"));
            first.bindTo(registry);
            second.bindTo(registry);
            assertThat(gauge("tmem.tier.capacity.bytes", "store", "one", "tier", "heap"))
                    .isEqualTo(1 << 20);
            assertThat(gauge("tmem.tier.capacity.bytes", "store", "two", "tier", "heap"))
                    .isEqualTo(2 << 20);
            second.close();
            assertThat(registry.find("tmem.latency").tag("store", "two").timers())
                    .isEmpty();
            assertThat(registry.find("tmem.latency").tag("store", "one").timers())
                    .isNotEmpty();
            first.close();
        }
    }
}
