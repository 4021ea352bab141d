package io.github.tmem.node.demo;

import io.github.tmem.api.Refusal;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as people read it, in at most 100 columns. */
public final class ReportText {
    private static final int BAR_WIDTH = 12;
    private static final int NAME_MAX = 18;

    private ReportText() {}

    /** The lines of the report; the last is the verdict. */
    public static List<String> lines(DemoReport report) {
        List<String> lines = new ArrayList<>();
        if (!report.changes().isEmpty()) {
            lines.addAll(changes(report.changes()).lines());
            lines.add("");
        }
        lines.addAll(tiers(report.tiers()).lines());
        lines.add("");
        lines.addAll(pools(report.pools()).lines());
        lines.add("");
        lines.add(labelled("refused", joined(report, pool -> refused(pool.refused()))));
        lines.add(labelled("evicted", joined(report, pool -> Figures.count(pool.evicted()))));
        lines.add(labelled(
                "gone",
                Figures.count(report.verdict().rightMisses()) + " gets of flushed, taken, refused or evicted pages"));
        lines.addAll(losses(report.verdict().losses()));
        lines.add(labelled("seconds", times(report)));
        lines.add("");
        report.verdict().findings().forEach(finding -> lines.add("LAW BROKEN  " + finding));
        lines.add(verdict(report.verdict()));
        return lines;
    }

    private static String labelled(String label, String text) {
        return String.format(Locale.ROOT, "%-13s%s", label, text);
    }

    private static List<String> losses(DemoReport.@Nullable Losses losses) {
        if (losses == null) {
            return List.of();
        }
        return List.of(
                labelled(
                        "lost",
                        Figures.count(losses.lost()) + " persistent pages, told by " + Figures.count(losses.lostGets())
                                + " gets"),
                labelled(
                        "unavailable",
                        Figures.count(losses.unavailable()) + " persistent pages at the end; "
                                + Figures.count(losses.unavailableGets()) + " gets could not reach theirs"));
    }

    private static Table changes(List<DemoReport.ChangeFigures> changes) {
        Table table = new Table("change", "moved", "dropped", "left", "seconds", "outcome");
        for (DemoReport.ChangeFigures change : changes) {
            table.row(
                    change.change(),
                    Figures.count(change.moved()),
                    Figures.count(change.dropped()),
                    Figures.count(change.left()),
                    String.format(Locale.ROOT, "%.2f", change.seconds()),
                    change.outcome());
        }
        return table;
    }

    private static Table tiers(List<DemoReport.TierFigures> tiers) {
        Table table = new Table("tier", "pages", "fill", "", "of", "density", "hits", "evicted", "demoted", "promoted");
        boolean severalChains =
                tiers.stream().map(DemoReport.TierFigures::chain).distinct().count() > 1;
        for (DemoReport.TierFigures tier : tiers) {
            table.row(
                    shortened(severalChains ? tier.chain() + "/" + tier.tier() : tier.tier()),
                    Figures.count(tier.pages()),
                    Table.bar(tier.fill(), BAR_WIDTH),
                    Figures.percent(tier.fill()),
                    Figures.bytes(tier.capacityBytes()),
                    Figures.factor(tier.density()),
                    Figures.count(tier.hits()),
                    Figures.count(tier.evicted()),
                    Figures.count(tier.demoted()),
                    Figures.count(tier.promoted()));
        }
        return table;
    }

    private static Table pools(List<DemoReport.PoolFigures> pools) {
        Table table = new Table("pool", "pages", "held", "", "hit ratio", "put p50", "p99", "get p50", "p99");
        for (DemoReport.PoolFigures pool : pools) {
            table.row(
                    shortened(pool.pool()),
                    Figures.count(pool.pages()),
                    Table.bar(pool.held(), BAR_WIDTH),
                    Figures.percent(pool.held()),
                    Figures.percent(pool.hitRatio()),
                    Figures.micros(pool.put().p50Micros()),
                    Figures.micros(pool.put().p99Micros()),
                    Figures.micros(pool.get().p50Micros()),
                    Figures.micros(pool.get().p99Micros()));
        }
        return table;
    }

    private static String shortened(String name) {
        return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX - 1) + "…";
    }

    private static String joined(DemoReport report, Function<DemoReport.PoolFigures, String> figure) {
        return report.pools().stream()
                .map(pool -> shortened(pool.pool()) + " " + figure.apply(pool))
                .collect(Collectors.joining(", "));
    }

    private static String refused(Map<Refusal, Long> refused) {
        if (refused.isEmpty()) {
            return "0";
        }
        return new TreeMap<>(refused)
                .entrySet().stream()
                        .map(entry -> Figures.count(entry.getValue()) + " " + entry.getKey())
                        .collect(Collectors.joining(" + "));
    }

    private static String times(DemoReport report) {
        return report.phases().stream()
                .map(phase -> String.format(Locale.ROOT, "%s %.1f", phase.phase(), phase.seconds()))
                .collect(Collectors.joining(", "));
    }

    private static String verdict(DemoReport.Verdict verdict) {
        String read = Figures.count(verdict.pagesRead()) + " pages read, " + Figures.count(verdict.wrong()) + " wrong";
        return verdict.clean() ? "every byte verified: " + read : "the store broke its laws: " + read;
    }
}
