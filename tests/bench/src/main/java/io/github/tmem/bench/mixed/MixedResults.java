package io.github.tmem.bench.mixed;

import io.github.tmem.bench.report.Figure;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a mixed run came to.
 *
 * @param length how long was measured
 * @param latencies of all workers
 * @param rates steps a second from one tick to the next
 * @param evicted the pages that the chain pushed out meanwhile
 * @param garbage what the collectors did meanwhile
 * @param stealPercent the processor time that the hypervisor gave to others meanwhile
 * @param wrong the wrong pages, those before anything was measured included
 */
public record MixedResults(
        Duration length,
        Latencies latencies,
        List<Double> rates,
        long evicted,
        Garbage garbage,
        double stealPercent,
        WrongPages wrong) {
    private static final double NANOS_PER_MICRO = 1000;
    private static final double MILLIS_PER_SECOND = 1000;

    /** What is told of a histogram. */
    private enum Point {
        P50("p50", 50),
        P99("p99", 99),
        P99_9("p99.9", 99.9),
        P99_99("p99.99", 99.99),
        MAX("longest", 100);

        private final String words;
        private final double percentile;

        Point(String words, double percentile) {
            this.words = words;
            this.percentile = percentile;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT) + "_ns";
        }

        long nanosIn(Histogram histogram) {
            return histogram.getValueAtPercentile(percentile);
        }
    }

    public MixedResults {
        rates = List.copyOf(rates);
    }

    /** {@link ExitCode#BROKEN} if a wrong page came back, else {@link ExitCode#OK}. */
    public int exitCode() {
        return wrong.count() == 0 ? ExitCode.OK : ExitCode.BROKEN;
    }

    /** Those of bare LZ4 included. */
    private long steps() {
        long sum = 0;
        for (Operation operation : Operation.values()) {
            sum += latencies.of(operation).getTotalCount();
        }
        return sum;
    }

    private double seconds() {
        return length.toMillis() / MILLIS_PER_SECOND;
    }

    private static String[] heads() {
        List<String> heads = new ArrayList<>(List.of("times, µs", "operations"));
        for (Point point : Point.values()) {
            heads.add(point.words);
        }
        return heads.toArray(String[]::new);
    }

    /** The report. */
    public List<String> lines() {
        Table table = new Table(heads());
        for (Operation operation : Operation.values()) {
            Histogram histogram = latencies.of(operation);
            List<String> cells = new ArrayList<>(List.of(operation.words(), String.valueOf(histogram.getTotalCount())));
            for (Point point : Point.values()) {
                cells.add(Figure.number(point.nanosIn(histogram) / NANOS_PER_MICRO));
            }
            table.row(cells.toArray(String[]::new));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add(steps() + " steps in " + Figure.number(seconds()) + " s; " + evicted
                + " pages pushed out of the chain");
        lines.add("garbage collections: " + garbage.collections() + ", " + garbage.millis() + " ms; steal "
                + Figure.number(stealPercent) + " %");
        lines.add("wrong pages: " + wrong.count());
        lines.addAll(wrong.lines());
        return lines;
    }

    /** The figures by key. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("wrong_pages", wrong.count());
        json.put("seconds", seconds());
        json.put("steps", steps());
        json.put("steps_per_second", Math.round(steps() / seconds()));
        json.put("rates_per_second", rates.stream().map(Math::round).toList());
        json.put("evicted", evicted);
        json.put("garbage_collections", garbage.collections());
        json.put("garbage_collection_ms", garbage.millis());
        json.put("steal_percent", stealPercent);
        for (Operation operation : Operation.values()) {
            json.put(operation.key(), toJson(latencies.of(operation)));
        }
        return json;
    }

    private static Map<String, Long> toJson(Histogram histogram) {
        Map<String, Long> json = new LinkedHashMap<>();
        json.put("count", histogram.getTotalCount());
        for (Point point : Point.values()) {
            json.put(point.key(), point.nanosIn(histogram));
        }
        return json;
    }
}
