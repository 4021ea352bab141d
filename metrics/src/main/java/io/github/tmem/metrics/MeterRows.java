package io.github.tmem.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The meters of rows of one sort, which come and go: of pools, of tiers, of directories. Rows are told apart by their
 * tags. {@link #follow} belongs to one thread at a time; meters are read by any.
 *
 * @param <T> the statistics of one row
 */
final class MeterRows<T> {
    private final MeterRegistry registry;
    private final Measures<T> measures;
    private final Runnable beforeRead;
    private final Map<Tags, Row<T>> rows = new HashMap<>();

    /**
     * What is measured of every row.
     *
     * @param tags the tags of a row
     */
    record Measures<T>(Function<T, Tags> tags, List<Measure<T>> list) {}

    /** One row: what was last known of it, and its meters. */
    private static final class Row<T> {
        private final List<Meter> meters = new ArrayList<>();
        private volatile T stats;

        Row(T stats) {
            this.stats = stats;
        }
    }

    /**
     * No rows yet.
     *
     * @param beforeRead run before each read of a meter
     */
    MeterRows(MeterRegistry registry, Measures<T> measures, Runnable beforeRead) {
        this.registry = registry;
        this.measures = measures;
        this.beforeRead = beforeRead;
    }

    /** From now on the meters are those of {@code current} and show what it says. */
    void follow(List<T> current) {
        Set<Tags> present = new HashSet<>();
        for (T stats : current) {
            Tags tags = measures.tags().apply(stats);
            present.add(tags);
            Row<T> row = rows.get(tags);
            if (row == null) {
                rows.put(tags, register(tags, stats));
            } else {
                row.stats = stats;
            }
        }
        rows.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                entry.getValue().meters.forEach(registry::remove);
            }
            return gone;
        });
    }

    private Row<T> register(Tags tags, T stats) {
        Row<T> row = new Row<>(stats);
        for (Measure<T> measure : measures.list()) {
            row.meters.add(measure.register(registry, tags, row, shown -> {
                beforeRead.run();
                return measure.figure().applyAsDouble(shown.stats);
            }));
        }
        return row;
    }
}
