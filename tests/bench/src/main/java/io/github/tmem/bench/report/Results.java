package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what was measured. Not thread-safe. */
public final class Results {
    private final Map<Budget, List<Figure>> figures = new EnumMap<>(Budget.class);
    private final Map<Budget, String> reasons = new EnumMap<>(Budget.class);
    private final Map<String, Spread> details = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final Budget.Area area;
    private int repeated;

    /** Nothing yet. */
    public Results(Budget.Area area) {
        this.area = area;
    }

    /** What is measured, in the order of the report. */
    List<Budget> budgets() {
        return Budget.of(area);
    }

    /** Adds a figure. One that is no finite number counts as missing. */
    public void add(Budget budget, String of, Spread value) {
        if (!value.isFinite()) {
            missing(budget, of + " came to " + value.median());
            return;
        }
        figures.computeIfAbsent(budget, any -> new ArrayList<>()).add(new Figure(of, value));
    }

    /** Says why a figure is missing. */
    public void missing(Budget budget, String reason) {
        reasons.put(budget, reason);
    }

    /** Adds a time per operation, in nanoseconds, or another absolute value for the second table. */
    public void detail(String name, Spread value) {
        details.put(name, value);
    }

    /** Adds rounds that were repeated because of steal. */
    public void countRepeated(int rounds) {
        repeated += rounds;
    }

    /** Adds a line under the tables. */
    public void remark(String line) {
        remarks.add(line);
    }

    /** All figures of a budget. */
    public List<Figure> figures(Budget budget) {
        return List.copyOf(figures.getOrDefault(budget, List.of()));
    }

    /** The figure that counts: the worst. Empty if none was measured. */
    public Optional<Figure> worst(Budget budget) {
        return figures(budget).stream()
                .reduce((one, other) ->
                        budget.isWorse(other.value().median(), one.value().median()) ? other : one);
    }

    /** The figures that count, in the order of the report. Those that are missing are left out. */
    public Map<Budget, Spread> worst() {
        Map<Budget, Spread> worst = new EnumMap<>(Budget.class);
        budgets().forEach(budget -> worst(budget).ifPresent(figure -> worst.put(budget, figure.value())));
        return worst;
    }

    /** Why a figure is missing; empty if nobody said. */
    String reason(Budget budget) {
        return reasons.getOrDefault(budget, "not measured");
    }

    int repeated() {
        return repeated;
    }

    Map<String, Spread> details() {
        return details;
    }

    List<String> remarks() {
        return remarks;
    }

    /** The figures that count by key, in the order of {@link Budget}: null where there is none. */
    public Map<String, @Nullable Double> toJson() {
        Map<String, @Nullable Double> json = new LinkedHashMap<>();
        for (Budget budget : budgets()) {
            Double value = worst(budget)
                    .map(figure -> rounded(figure.value().median()))
                    .orElse(null);
            json.put(budget.key(), value);
        }
        return json;
    }

    /** Without the digits that mean nothing. */
    static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
