package io.github.tmem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.timing.Spread;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Results results = new Results(Budget.Area.STORES);

    @Test
    void theWorstFigureCounts() {
        results.add(Budget.PUT_VS_LZ4, "fs, heap", new Spread(1.0, 1.05, 1.1));
        results.add(Budget.PUT_VS_LZ4, "db, heap", new Spread(1.1, 1.2, 1.3));
        results.add(Budget.SCALING_2_THREADS, "heap", Spread.exactly(1.95));
        results.add(Budget.SCALING_2_THREADS, "offheap", Spread.exactly(1.7));

        assertThat(results.toJson())
                .containsEntry("put_vs_lz4", 1.2)
                .containsEntry("scaling_2_threads", 1.7)
                .containsEntry("density", null);
        assertThat(ResultsText.lines(results))
                .anyMatch(line ->
                        line.matches("put ÷ bare LZ4 compression +≤ 1.08 +1.20 +1.10…1.30 +over +db, heap +1.05"));
    }

    /** Rounded it would be 0, the best there is. */
    @Test
    void whatIsNoNumberIsMissing() {
        results.add(Budget.PUT_VS_LZ4, "fs, heap", Spread.exactly(Double.NaN));
        results.add(Budget.GET_VS_LZ4, "fs, heap", new Spread(1, 2, Double.POSITIVE_INFINITY));
        assertThat(results.toJson()).containsEntry("put_vs_lz4", null).containsEntry("get_vs_lz4", null);
        assertThat(ResultsText.lines(results)).anyMatch(line -> line.endsWith("fs, heap came to NaN"));
    }

    @Test
    void aReportHasTheBudgetsOfItsArea() {
        Results remote = new Results(Budget.Area.REMOTE);
        remote.add(Budget.REDIS_BENCHMARK_GET_RATIO, "1536 B, pipeline 32", Spread.exactly(0.75));
        remote.add(Budget.REDIS_BENCHMARK_GET_RATIO, "4096 B, pipeline 1", Spread.exactly(0.9));
        remote.missing(Budget.REMOTE_VS_REDIS_SYNC, "no redis-server on the PATH");

        assertThat(remote.toJson())
                .containsEntry("redis_benchmark_get_ratio", 0.75)
                .containsEntry("remote_vs_redis_sync", null)
                .doesNotContainKey("put_vs_lz4");
        assertThat(ResultsText.lines(remote))
                .anyMatch(line -> line.endsWith("no redis-server on the PATH"))
                .noneMatch(line -> line.startsWith(Budget.PUT_VS_LZ4.words()));
        assertThat(results.toJson()).containsKey("put_vs_lz4").doesNotContainKey("remote_vs_redis_sync");
    }

    @Test
    void aMissingFigureSaysWhy() {
        results.missing(Budget.PUT_VS_ZRAM, "no such device");
        assertThat(ResultsText.lines(results))
                .anyMatch(line -> line.startsWith("put ÷ zram write") && line.endsWith("no such device"));
    }

    @Test
    void verdictsFollowTheDirectionOfTheLimit() {
        assertThat(Budget.PUT_VS_LZ4.verdict(1.08)).isEqualTo("ok");
        assertThat(Budget.PUT_VS_LZ4.verdict(1.09)).isEqualTo("over");
        assertThat(Budget.STORE_VS_CHRONICLE.verdict(2.9)).isEqualTo("over");
        assertThat(Budget.ALLOC_BYTES_PER_OP.verdict(0)).isEqualTo("ok");
        assertThat(Budget.DENSITY.verdict(1.7)).isEqualTo("–");
    }
}
