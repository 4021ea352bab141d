package io.github.tmem.bench.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One comparison in the file of figures.
 *
 * @param trace the name of the trace
 * @param capacity the capacity as the user typed it
 * @param pages the same in pages
 * @param get {@code inclusive} or {@code exclusive}
 * @param guest the size of the guest's cache as typed; null without one
 * @param hits gets of the store of one tier that hit
 * @param gets all gets
 * @param hitRatio hits by gets, 0 to 1
 * @param tiers the hit ratios of stores of several tiers, by how these share the capacity
 * @param peers the hit ratios of the others, by their keys
 */
record PolicyFigures(
        String trace,
        String capacity,
        int pages,
        String get,
        @Nullable String guest,
        long hits,
        long gets,
        @JsonProperty("hit_ratio") double hitRatio,
        Map<String, Double> tiers,
        Map<String, Double> peers) {}
