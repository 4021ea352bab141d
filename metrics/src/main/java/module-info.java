import org.jspecify.annotations.NullMarked;

/** The counters and latencies of a store as Micrometer meters. */
@NullMarked
module io.github.tmem.metrics {
    requires transitive io.github.tmem.api;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports io.github.tmem.metrics;
}
