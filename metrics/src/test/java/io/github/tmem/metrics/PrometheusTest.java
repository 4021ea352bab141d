package io.github.tmem.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Prometheus sees of a store. */
class PrometheusTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final Path DOCUMENT =
            Path.of(System.getProperty("tmem.root", "..")).resolve("docs/metrics.md");

    private static void work(PagePool pool) {
        byte[] page = new byte[pool.pageSize()];
        for (int i = 0; i < 5000; i++) {
            page[i % page.length] = (byte) i;
            pool.put(FILE, i % 50, page);
        }
        pool.get(FILE, 7, page);
        pool.flush(FILE, 8);
    }

    @Test
    void aScrape() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (PageStore store = PageStore.builder().heap("1MiB").offHeap("1MiB").open()) {
            work(store.ephemeral("blocks", GetMode.INCLUSIVE));
            AtomicLong now = new AtomicLong();
            try (StoreMetrics metrics = new StoreMetrics(store, Tags.empty(), now::get)) {
                metrics.bindTo(registry);
                work(store.ephemeral("blocks", GetMode.INCLUSIVE));
                now.addAndGet(StoreMetrics.SNAPSHOT_MAX_NANOS + 1);
                String scrape = registry.scrape();
                assertThat(scrape.lines())
                        .contains(
                                "tmem_puts_total{kind=\"ephemeral\",outcome=\"stored\",pool=\"blocks\",reason=\"none\"} 10000.0",
                                "tmem_gets_total{kind=\"ephemeral\",outcome=\"hit\",pool=\"blocks\"} 2.0",
                                "tmem_ended_pages_total{cause=\"flushed\",kind=\"ephemeral\",pool=\"blocks\"} 2.0",
                                "tmem_pages{kind=\"ephemeral\",pool=\"blocks\",state=\"stored\"} 49.0",
                                "tmem_raw_bytes{kind=\"ephemeral\",pool=\"blocks\"} 200704.0",
                                "tmem_tier_pages{chain=\"default\",kind=\"ephemeral\",tier=\"heap\"} 49.0",
                                "tmem_tier_capacity_bytes{chain=\"default\",tier=\"offheap\"} 1048576.0",
                                "tmem_tier_moved_pages_total{chain=\"default\",flow=\"demoted-in\",tier=\"offheap\"} 0.0",
                                "tmem_tier_hits_total{chain=\"default\",tier=\"heap\"} 2.0",
                                "tmem_tier_owed_frees{chain=\"default\",tier=\"heap\"} 0.0",
                                "tmem_directory_entries{chain=\"default\"} 49.0");
                assertThat(scrape)
                        .containsPattern(
                                "tmem_latency_seconds_count\\{chain=\"default\",operation=\"put\",tier=\"heap\"} [1-9]");
                assertThat(buckets(scrape)).as("17 bounds and +Inf").hasSize(18);
            }
            assertThat(registry.scrape()).doesNotContain("tmem_");
        }
    }

    @Test
    void poolsAndStoresGoBetweenScrapes() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicLong now = new AtomicLong();
        PageStore store = PageStore.builder().heap("1MiB").open();
        PagePool first = store.ephemeral("first");
        StoreMetrics metrics = new StoreMetrics(store, Tags.empty(), now::get);
        metrics.bindTo(registry);
        first.close();
        store.ephemeral("second");
        now.addAndGet(StoreMetrics.SNAPSHOT_MAX_NANOS);
        registry.scrape(); // the one that finds out
        assertThat(registry.scrape()).contains("pool=\"second\"").doesNotContain("pool=\"first\"");
        store.close();
        now.addAndGet(StoreMetrics.SNAPSHOT_MAX_NANOS);
        registry.scrape();
        assertThat(registry.scrape()).doesNotContain("tmem_");
        metrics.close();
    }

    private static List<String> buckets(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith(
                        "tmem_latency_seconds_bucket{chain=\"default\",operation=\"put\",tier=\"heap\""))
                .toList();
    }

    @Test
    void theDocumentListsEveryMeter() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Set<String> names;
        try (PageStore store = PageStore.builder().heap("1MiB").offHeap("1MiB").open()) {
            store.ephemeral("blocks");
            try (StoreMetrics metrics = StoreMetrics.bind(store, registry)) {
                names = registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(metrics).isNotNull();
            }
        }
        Set<String> documented = Pattern.compile("^\\| `(tmem\\.[a-z.]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(names);
    }
}
