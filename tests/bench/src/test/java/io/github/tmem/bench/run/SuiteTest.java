package io.github.tmem.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.measure.Plan;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.FiguresJson;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.report.ResultsText;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Everything that is measured, on so few pages that the figures mean nothing. */
class SuiteTest {
    private static final List<String> KEYS = List.of(
            "put_vs_lz4",
            "get_vs_lz4",
            "get_vs_lz4_same_footprint",
            "put_vs_zram",
            "get_vs_zram",
            "put_vs_caffeine_lz4",
            "get_vs_caffeine_lz4",
            "put_vs_ehcache",
            "get_vs_ehcache",
            "store_vs_chronicle",
            "store_vs_chronicle_2_threads",
            "scaling_2_threads",
            "scale_4m_vs_64k",
            "alloc_bytes_per_op",
            "metadata_bytes_per_page",
            "density",
            "density_vs_zram",
            "density_after_churn",
            "density_vs_caffeine_lz4",
            "density_vs_ehcache",
            "miss_ns",
            "put_p9999_us",
            "hit_inclusive_vs_wtinylfu",
            "hit_inclusive_worst_trace",
            "hit_loops_vs_s3_fifo",
            "hit_exclusive_vs_arc",
            "policy_bytes_per_page");

    private static final List<String> ALWAYS = List.of(
            "put_vs_lz4",
            "get_vs_lz4",
            "get_vs_lz4_same_footprint",
            "put_vs_caffeine_lz4",
            "get_vs_caffeine_lz4",
            "put_vs_ehcache",
            "get_vs_ehcache",
            "store_vs_chronicle",
            "store_vs_chronicle_2_threads",
            "alloc_bytes_per_op",
            "metadata_bytes_per_page",
            "density",
            "density_after_churn",
            "density_vs_ehcache",
            "miss_ns",
            "put_p9999_us");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void measuresEverythingAndWritesExactlyTheseKeys() {
        AtomicLong announced = new AtomicLong();
        CountingProgress progress = new CountingProgress();
        Results results = new Suite(Budget.Area.STORES, Plan.tiny()).run(steps -> {
            announced.set(steps);
            return progress;
        });

        Map<String, @Nullable Double> json = results.toJson();
        assertThat(json.keySet()).containsExactlyElementsOf(KEYS);
        assertThat(ALWAYS)
                .allSatisfy(key -> assertThat(json.get(key)).as(key).isNotNull().isFinite());
        assertThat(json.get("density")).isBetween(0.5, 4.0);
        assertThat(progress.steps).isEqualTo(announced.get());
        assertThat(ResultsText.lines(results))
                .hasSizeGreaterThan(Budget.of(Budget.Area.STORES).size())
                .anyMatch(line -> line.startsWith(Budget.PUT_VS_LZ4.words()));

        Path file = folder.resolve("figures.json");
        OutputFile.writeJson(FiguresJson.of(results, "tiny"), file);
        JsonNode written = JsonMapper.builder().build().readTree(file);
        assertThat(written.propertyNames())
                .containsExactlyElementsOf(Stream.concat(KEYS.stream(), Stream.of("spread", "extent"))
                        .toList());
        assertThat(written.get("hit_exclusive_vs_arc").isNull()).isTrue();
    }

    private static final class CountingProgress implements Progress {
        private long steps;

        @Override
        public void phase(String name) {
            assertThat(name).isNotBlank();
        }

        @Override
        public void advance(long more) {
            steps += more;
        }

        @Override
        public void close() {}
    }
}
