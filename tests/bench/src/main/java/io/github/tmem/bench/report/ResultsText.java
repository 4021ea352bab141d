package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Results as people read them. */
public final class ResultsText {
    private static final int OTHERS_MAX = 6;

    private ResultsText() {}

    /** The lines of the report: budgets, all figures of those measured on several sets and tiers, times, remarks. */
    public static List<String> lines(Results results) {
        List<String> lines = new ArrayList<>(budgets(results).lines());
        lines.add("");
        lines.addAll(details(results).lines());
        lines.add("");
        lines.addAll(results.remarks());
        lines.add("rounds repeated because of steal: " + results.repeated());
        return lines;
    }

    private static Table budgets(Results results) {
        Table table = new Table("budget", "limit", "measured", "spread", "", "worst of", "others");
        for (Budget budget : results.budgets()) {
            Optional<Figure> worst = results.worst(budget);
            if (worst.isEmpty()) {
                table.row(budget.words(), budget.limit(), "–", "", "", results.reason(budget), "");
                continue;
            }
            Figure figure = worst.get();
            double value = figure.value().median();
            table.row(
                    budget.words(),
                    budget.limit(),
                    Figure.number(value),
                    figure.spread(),
                    budget.verdict(value),
                    figure.of(),
                    others(results.figures(budget), figure));
        }
        return table;
    }

    private static String others(List<Figure> figures, Figure worst) {
        List<String> others = figures.stream()
                .filter(figure -> !figure.equals(worst))
                .map(figure -> Figure.number(figure.value().median()))
                .toList();
        return String.join(" ", others.subList(0, Math.min(OTHERS_MAX, others.size())));
    }

    private static Table details(Results results) {
        Table table = new Table("times, ns per operation", "median", "lowest", "highest");
        for (String name : results.details().keySet()) {
            Spread value = results.details().get(name);
            table.row(name, Figure.number(value.median()), Figure.number(value.low()), Figure.number(value.high()));
        }
        return table;
    }
}
