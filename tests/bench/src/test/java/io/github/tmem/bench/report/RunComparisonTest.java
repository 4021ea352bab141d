package io.github.tmem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.timing.Spread;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunComparisonTest {
    private final Map<Budget, Spread> before = new EnumMap<>(Budget.class);
    private final Map<Budget, Spread> now = new EnumMap<>(Budget.class);

    private RunComparison comparison() {
        return new RunComparison(before, now);
    }

    /** Less is better for the first, more for the second. */
    @ParameterizedTest
    @CsvSource({
        "PUT_VS_LZ4, 1.41, worse",
        "PUT_VS_LZ4, 1.40, same",
        "PUT_VS_LZ4, 1.00, same",
        "PUT_VS_LZ4, 0.99, better",
        "SCALING_2_THREADS, 0.99, worse",
        "SCALING_2_THREADS, 1.00, same",
        "SCALING_2_THREADS, 1.40, same",
        "SCALING_2_THREADS, 1.41, better",
        "MISS_NS, 9.99, a time",
        "PUT_P9999_US, 9.99, a time"
    })
    void whatTheOlderRoundsReachedIsNoise(Budget budget, double median, String verdict) {
        assertVerdict(budget, new Spread(1.0, 1.2, 1.4), median, verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT_VS_LZ4, 1.33, worse",
        "PUT_VS_LZ4, 1.31, same",
        "PUT_VS_LZ4, 1.09, same",
        "PUT_VS_LZ4, 1.07, better",
        "SCALING_2_THREADS, 1.07, worse",
        "SCALING_2_THREADS, 1.09, same",
        "SCALING_2_THREADS, 1.31, same",
        "SCALING_2_THREADS, 1.33, better"
    })
    void lessThanATenthIsNoiseEvenIfTheOlderRoundsWereCloser(Budget budget, double median, String verdict) {
        assertVerdict(budget, new Spread(1.15, 1.2, 1.25), median, verdict);
    }

    private void assertVerdict(Budget budget, Spread old, double median, String verdict) {
        before.put(budget, old);
        now.put(budget, new Spread(median - 0.5, median, median + 0.5));
        assertThat(comparison().lines().get(1)).startsWith(budget.words()).endsWith(" " + verdict);
        assertThat(comparison().worse().contains(budget)).isEqualTo(verdict.equals("worse"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT_VS_LZ4, 1.00, 1.11, worse",
        "PUT_VS_LZ4, 1.00, 1.09, same",
        "ALLOC_BYTES_PER_OP, 0, 0, same",
        "ALLOC_BYTES_PER_OP, 0, 0.5, worse",
        "HIT_EXCLUSIVE_VS_ARC, 0.05, -0.04, same", // nine hundredths of a point
        "HIT_EXCLUSIVE_VS_ARC, 0.05, -0.06, worse",
        "HIT_EXCLUSIVE_VS_ARC, -0.20, -0.05, better"
    })
    void figuresThatDoNotVaryHaveATenthToo(Budget budget, double old, double median, String verdict) {
        before.put(budget, Spread.exactly(old));
        now.put(budget, Spread.exactly(median));
        assertThat(comparison().lines().get(1)).endsWith(" " + verdict);
    }

    @Test
    void aLineHasBothMediansAndBothSpreads() {
        before.put(Budget.PUT_VS_LZ4, new Spread(1.1, 1.25, 1.3));
        now.put(Budget.PUT_VS_LZ4, new Spread(1.4, 1.5, 1.6));
        before.put(Budget.GET_VS_LZ4, Spread.exactly(1.5));
        now.put(Budget.GET_VS_EHCACHE, new Spread(0.4, 0.5, 0.6));
        assertThat(comparison().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("budget").contains("old", "new", "change"),
                        line -> assertThat(line)
                                .matches(
                                        "put ÷ bare LZ4 compression +1.25 +1.10…1.30 +1.50 +1.40…1.60 +\\+20.0 % +worse"),
                        line -> assertThat(line).matches("get ÷ bare LZ4 from cache +1.50 +– +only old"),
                        line -> assertThat(line).matches("get ÷ Ehcache and LZ4 +– +0.50 +0.40…0.60 +only new"),
                        line -> assertThat(line).isEqualTo("worse: put_vs_lz4; 2 in one of the runs only"));
    }
}
