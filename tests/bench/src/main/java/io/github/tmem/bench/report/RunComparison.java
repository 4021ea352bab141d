package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run beside those of an older one.
 *
 * <p>A figure is worse when its median lies beyond all rounds of the older run, and is worse than the older median by more
 * than {@value #TOLERANCE_PERCENT} per cent; one in points of hit ratio by more than {@value #TOLERANCE_POINTS} points,
 * because it is a difference that may be 0. Absolute times are shown and not judged: they are of the machine and its day.
 */
public final class RunComparison {
    /** By how much a figure may be worse, in per cent. */
    public static final int TOLERANCE_PERCENT = 10;

    static final double TOLERANCE_POINTS = 0.1;

    private static final String WORSE = "worse";
    private static final Set<Budget> TIMES = EnumSet.of(Budget.MISS_NS, Budget.PUT_P9999_US);
    private static final Set<Budget> POINTS = EnumSet.of(
            Budget.HIT_INCLUSIVE_VS_WTINYLFU,
            Budget.HIT_INCLUSIVE_WORST_TRACE,
            Budget.HIT_LOOPS_VS_S3_FIFO,
            Budget.HIT_EXCLUSIVE_VS_ARC);

    private final Map<Budget, Spread> before;
    private final Map<Budget, Spread> now;

    /** Of an older run and this one. */
    public RunComparison(Map<Budget, Spread> before, Map<Budget, Spread> now) {
        this.before = before;
        this.now = now;
    }

    /** The figures that are worse, in the order of the report. */
    public List<Budget> worse() {
        return before.keySet().stream()
                .filter(budget ->
                        verdict(budget, before.get(budget), now.get(budget)).equals(WORSE))
                .toList();
    }

    /** A line for each figure of either run, and what came out. */
    public List<String> lines() {
        Table table = new Table("budget", "old", "spread", "new", "spread", "change", "");
        Map<Budget, Spread> either = new EnumMap<>(Budget.class);
        either.putAll(before);
        either.putAll(now);
        either.keySet().forEach(budget -> table.row(row(budget)));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(summary(either.size()));
        return lines;
    }

    private String summary(int either) {
        long both = before.keySet().stream().filter(now::containsKey).count();
        String rest = both == either ? "" : "; " + (either - both) + " in one of the runs only";
        String worse = worse().stream().map(Budget::key).collect(Collectors.joining(", "));
        return (worse.isEmpty() ? "no figure of the " + both + " compared is worse" : WORSE + ": " + worse) + rest;
    }

    private String[] row(Budget budget) {
        Spread old = before.get(budget);
        Spread current = now.get(budget);
        return new String[] {
            budget.words(),
            median(old),
            rounds(old),
            median(current),
            rounds(current),
            old == null || current == null ? "" : change(budget, old.median(), current.median()),
            verdict(budget, old, current)
        };
    }

    private static String verdict(Budget budget, @Nullable Spread old, @Nullable Spread current) {
        if (old == null || current == null) {
            return old == null ? "only new" : "only old";
        }
        if (TIMES.contains(budget)) {
            return "a time";
        }
        double tolerance = tolerance(budget, old);
        boolean above = current.median() > Math.max(old.high(), old.median() + tolerance);
        boolean below = current.median() < Math.min(old.low(), old.median() - tolerance);
        if (!above && !below) {
            return "same";
        }
        return above == (budget.better() == Budget.Better.HIGH) ? "better" : WORSE;
    }

    private static double tolerance(Budget budget, Spread old) {
        return POINTS.contains(budget) ? TOLERANCE_POINTS : Math.abs(old.median()) * TOLERANCE_PERCENT / 100;
    }

    private static String change(Budget budget, double old, double current) {
        if (POINTS.contains(budget)) {
            return String.format(Locale.ROOT, "%+.2f", current - old);
        }
        return old == 0 ? "" : String.format(Locale.ROOT, "%+.1f %%", 100 * (current - old) / old);
    }

    private static String median(@Nullable Spread value) {
        return value == null ? "–" : Figure.number(value.median());
    }

    private static String rounds(@Nullable Spread value) {
        return value == null ? "" : new Figure("", value).spread();
    }
}
