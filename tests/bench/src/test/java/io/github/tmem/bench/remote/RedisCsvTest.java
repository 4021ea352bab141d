package io.github.tmem.bench.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RedisCsvTest {
    private static final String HEADS =
            "\"test\",\"rps\",\"avg_latency_ms\",\"min_latency_ms\",\"p50_latency_ms\",\"p95_latency_ms\"\n";

    @Test
    void theRateOfATestStandsBehindItsName() {
        String printed = HEADS + "\"SET\",\"96153.84\",\"0.412\",\"0.080\",\"0.399\",\"0.647\"\n"
                + "\"GET\",\"104166.67\",\"0.389\",\"0.072\",\"0.375\",\"0.559\"\n";
        assertThat(RedisCsv.requestsPerSecond(printed, "SET")).isEqualTo(96153.84);
        assertThat(RedisCsv.requestsPerSecond(printed, "GET")).isEqualTo(104166.67);
    }

    @Test
    void olderOnesPrintNoHeads() {
        assertThat(RedisCsv.requestsPerSecond("\"SET\",\"200000\"\n\"GET\",\"1\"\n", "SET"))
                .isEqualTo(200_000);
    }

    @Test
    void otherLinesAreNoRates() {
        String printed = "WARNING: Could not fetch server CONFIG\nSET: rps=0.0\n" + HEADS
                + "\"SET (1536)\",\"5.00\"\n\"SET\",\"12.50\",\"0.4\"\n";
        assertThat(RedisCsv.requestsPerSecond(printed, "SET")).isEqualTo(12.5);
    }

    @Test
    void whatWasPrintedInsteadIsTold() {
        assertThatThrownBy(() -> RedisCsv.requestsPerSecond("Could not connect to Redis\n", "GET"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("GET", "Could not connect to Redis");
        assertThatThrownBy(() -> RedisCsv.requestsPerSecond("\"GET\",\"0.00\"\n", "GET"))
                .isInstanceOf(IllegalStateException.class);
    }
}
