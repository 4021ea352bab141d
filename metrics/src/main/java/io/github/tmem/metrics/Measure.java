package io.github.tmem.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One figure of a row of statistics, and the meter that shows it.
 *
 * @param <T> the type of the row
 * @param type {@link Meter.Type#COUNTER} for what only grows, else {@link Meter.Type#GAUGE}
 * @param unit the base unit
 * @param tags what tells apart the figures of one name and row
 */
record Measure<T>(
        Meter.Type type,
        String name,
        @Nullable String unit,
        Tags tags,
        String description,
        ToDoubleFunction<T> figure) {

    /** A figure that only grows. */
    static <T> Measure<T> counter(String name, String unit, Tags tags, String description, ToDoubleFunction<T> figure) {
        return new Measure<>(Meter.Type.COUNTER, name, unit, tags, description, figure);
    }

    /** A figure that rises and falls. */
    static <T> Measure<T> gauge(String name, String unit, Tags tags, String description, ToDoubleFunction<T> figure) {
        return new Measure<>(Meter.Type.GAUGE, name, unit, tags, description, figure);
    }

    /**
     * Registers the meter of one row.
     *
     * @param source where the figure is read from; the meter keeps it only weakly, {@code read} strongly
     */
    <S> Meter register(MeterRegistry registry, Tags rowTags, S source, ToDoubleFunction<S> read) {
        Tags all = rowTags.and(tags);
        return type == Meter.Type.COUNTER
                ? FunctionCounter.builder(name, source, read)
                        .tags(all)
                        .baseUnit(unit)
                        .description(description)
                        .register(registry)
                : Gauge.builder(name, source, read)
                        .tags(all)
                        .baseUnit(unit)
                        .description(description)
                        .register(registry);
    }
}
