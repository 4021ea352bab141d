package io.github.tmem.metrics;

import static io.github.tmem.metrics.Measure.counter;
import static io.github.tmem.metrics.Measure.gauge;

import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.metrics.MeterRows.Measures;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** What is measured of a chain's directory: its size, and the same-filled pages that only it holds. */
final class DirectoryMeasures {
    private static final Tags NONE = Tags.empty();

    private DirectoryMeasures() {}

    static Measures<DirectoryStats> of(Tags common) {
        return new Measures<>(
                directory -> common.and("chain", directory.chain()),
                List.of(
                        gauge("tmem.directory.entries", "entries", NONE, "Entries in use", DirectoryStats::entries),
                        gauge(
                                "tmem.directory.max.entries",
                                "entries",
                                NONE,
                                "The most entries it may hold",
                                DirectoryStats::entriesMax),
                        gauge(
                                "tmem.directory.bytes",
                                "bytes",
                                NONE,
                                "Memory it holds, outside of the Java heap and in it",
                                DirectoryStats::bytes),
                        gauge(
                                "tmem.directory.ghost.bytes",
                                "bytes",
                                NONE,
                                "Of them, those that remember pages that are gone",
                                DirectoryStats::ghostBytes),
                        counter("tmem.directory.puts", "puts", NONE, "Same-filled pages put", DirectoryStats::stored),
                        counter(
                                "tmem.directory.hits",
                                "hits",
                                NONE,
                                "Gets answered by same-filled pages",
                                DirectoryStats::hits),
                        counter(
                                "tmem.directory.evicted.pages",
                                "pages",
                                NONE,
                                "Same-filled pages dropped because the directory was full",
                                DirectoryStats::evicted)));
    }
}
