package io.github.tmem.bench.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One run in the file of figures.
 *
 * @param trace the name of the trace
 * @param capacity the capacity as the user typed it; null if that of the configuration was used
 * @param get {@code inclusive} or {@code exclusive}
 * @param guest the size of the guest's cache as typed; null without one
 * @param hits gets that hit
 * @param gets all gets
 * @param hitRatio hits by gets, 0 to 1
 */
record ReplayFigures(
        String trace,
        @Nullable String capacity,
        String get,
        @Nullable String guest,
        long hits,
        long gets,
        @JsonProperty("hit_ratio") double hitRatio) {}
