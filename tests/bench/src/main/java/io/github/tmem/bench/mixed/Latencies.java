package io.github.tmem.bench.mixed;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long each operation took, in nanoseconds, to three digits; more than ten seconds count as ten. Belongs to one thread. */
final class Latencies {
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private static final int DIGITS = 3;

    private final Map<Operation, Histogram> histograms = new EnumMap<>(Operation.class);

    Latencies() {
        for (Operation operation : Operation.values()) {
            histograms.put(operation, new Histogram(LONGEST_NANOS, DIGITS));
        }
    }

    void record(Operation operation, long nanos) {
        of(operation).recordValue(Math.min(nanos, LONGEST_NANOS));
    }

    Histogram of(Operation operation) {
        Histogram histogram = histograms.get(operation);
        assert histogram != null;
        return histogram;
    }

    /** Adds what another thread measured, which has ended. */
    void add(Latencies other) {
        histograms.forEach((operation, histogram) -> histogram.add(other.of(operation)));
    }

    void clear() {
        histograms.values().forEach(Histogram::reset);
    }
}
