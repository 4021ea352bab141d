package io.github.tmem.bench.replay;

import io.github.tmem.bench.peer.policy.Peer;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Comparisons in lines for people. */
final class PolicyText {
    /** A column of hit ratios. */
    private record Column(String head, ToDoubleFunction<Standings> ratio) {
        String cell(Standings standings) {
            return percent(ratio.applyAsDouble(standings));
        }

        String mean(List<Standings> all) {
            return percent(all.stream().mapToDouble(ratio).average().orElse(0));
        }
    }

    private PolicyText() {}

    /**
     * A table of hit ratios in per cent, their means, and what several tiers cost.
     *
     * @param all comparisons with the same chains, at least one
     */
    static List<String> lines(List<Standings> all) {
        List<String> chains = List.copyOf(all.getFirst().chains().keySet());
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("tmem", Standings::one));
        chains.forEach(shares -> columns.add(new Column(shares, standings -> standings.chain(shares))));
        for (Peer peer : Peer.values()) {
            columns.add(new Column(peer.words(), standings -> standings.peer(peer)));
        }
        Table table = new Table(row(
                "trace", "capacity", "pages", columns.stream().map(Column::head).toList()));
        for (Standings standings : all) {
            PolicyComparison of = standings.of();
            table.row(row(
                    of.course().trace().name(),
                    of.capacity().typed(),
                    Figures.count(of.pages()),
                    columns.stream().map(column -> column.cell(standings)).toList()));
        }
        table.row(row(
                "mean of " + all.size(),
                "",
                "",
                columns.stream().map(column -> column.mean(all)).toList()));
        List<String> lines = new ArrayList<>(table.lines());
        chains.forEach(shares -> lines.add(costOf(shares, all)));
        all.forEach(standings -> lines.addAll(refusals(standings)));
        return lines;
    }

    private static String[] row(String trace, String capacity, String pages, List<String> ratios) {
        List<String> cells = new ArrayList<>(List.of(trace, capacity, pages));
        cells.addAll(ratios);
        return cells.toArray(String[]::new);
    }

    private static String costOf(String shares, List<Standings> all) {
        return "tiers " + shares + ": on average "
                + points(all, standings -> standings.chain(shares) - standings.one()) + " points to one tier, "
                + points(all, standings -> standings.chain(shares) - standings.bestInOnePiece())
                + " to the best cache in one piece of each line";
    }

    private static String points(List<Standings> all, ToDoubleFunction<Standings> lead) {
        double mean = all.stream().mapToDouble(lead).average().orElse(0);
        return String.format(Locale.ROOT, "%+.2f", mean * 100);
    }

    private static List<String> refusals(Standings standings) {
        List<String> lines = new ArrayList<>();
        addRefusals("tmem", standings, standings.store(), lines);
        standings.chains().forEach((shares, result) -> addRefusals(shares, standings, result, lines));
        return lines;
    }

    private static void addRefusals(String who, Standings standings, ReplayResult result, List<String> lines) {
        if (result.refused() > 0) {
            PolicyComparison of = standings.of();
            lines.add(of.course().trace().name() + " " + of.capacity().typed() + ", " + who + ": "
                    + Figures.count(result.refused()) + " puts were refused");
        }
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio * 100);
    }
}
