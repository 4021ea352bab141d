package io.github.tmem.bench.report;

import static io.github.tmem.bench.report.Svg.px;

import io.github.tmem.bench.report.Budget.Better;
import io.github.tmem.bench.timing.Spread;
import java.util.EnumMap;
import java.util.Map;

/**
 * The figures that count as one SVG picture, {@value #WIDTH} pixels wide, for light and dark pages: a bar for each median, a
 * whisker from the lowest to the highest round, and one line for all limits. Figures are grouped by which way is better and
 * whether they have a limit; without one the line is at 1.
 */
public final class Chart {
    static final int WIDTH = 800;

    private static final String TITLE = "tmem bench: medians, lowest and highest rounds, limits";
    private static final int TOP = 40;
    private static final int HEAD = 34;
    private static final int GAP = 10;

    private static final String STYLE = """
            text { font: 13px system-ui, sans-serif; fill: #1f2328; }
            .title { font-size: 16px; font-weight: 600; }
            .head { font-weight: 600; }
            .page { fill: #ffffff; }
            .ok { fill: #4a90b8; }
            .over { fill: #d9793f; }
            .free { fill: #98a0a8; }
            .whisker { stroke: #1f2328; stroke-width: 1.5; fill: none; }
            .limit { stroke: #b3261e; stroke-width: 1.5; stroke-dasharray: 4 3; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .page { fill: #0d1117; }
              .whisker { stroke: #e6edf3; }
              .limit { stroke: #ff8a80; }
            }
            """;

    private final StringBuilder body = new StringBuilder();
    private int y = TOP;

    private Chart() {}

    /** The picture of these figures. */
    public static String svg(Map<Budget, Spread> figures) {
        Chart chart = new Chart();
        for (Better better : Better.values()) {
            chart.group(better, Line.LIMIT, figures);
        }
        for (Better better : Better.values()) {
            chart.group(better, Line.ONE, figures);
        }
        return chart.document();
    }

    /** What the line of a group stands for. */
    private enum Line {
        LIMIT("the line is the limit"),
        ONE("without a limit, the line is at 1");

        private final String words;

        Line(String words) {
            this.words = words;
        }

        private static Line of(Budget budget) {
            return budget.limitValue().isPresent() ? LIMIT : ONE;
        }
    }

    private void group(Better better, Line line, Map<Budget, Spread> figures) {
        Map<Budget, Spread> members = new EnumMap<>(Budget.class);
        figures.forEach((budget, value) -> {
            if (budget.better() == better && Line.of(budget) == line) {
                members.put(budget, value);
            }
        });
        if (members.isEmpty()) {
            return;
        }
        String way = better == Better.LOW ? "Less is better" : "More is better";
        body.append(text("head", y + HEAD - 12, way + "; " + line.words));
        y += HEAD;
        int from = y;
        members.forEach((budget, value) -> {
            body.append(new ChartBar(budget, value, y).svg());
            y += ChartBar.HEIGHT;
        });
        String at = px(ChartBar.LIMIT_X);
        body.append(Svg.empty("line", "class", "limit", "x1", at, "y1", px(from), "x2", at, "y2", px(y)));
        y += GAP;
    }

    private String document() {
        String width = Integer.toString(WIDTH);
        String height = Integer.toString(y + GAP);
        String content = Svg.text("title", TITLE)
                + Svg.text("style", STYLE)
                + Svg.empty("rect", "class", "page", "width", width, "height", height)
                + text("title", TOP - 12, TITLE)
                + body;
        return Svg.group(
                "svg",
                content,
                "xmlns",
                "http://www.w3.org/2000/svg",
                "width",
                width,
                "height",
                height,
                "viewBox",
                "0 0 " + width + " " + height,
                "role",
                "img");
    }

    private static String text(String mark, int y, String words) {
        return Svg.text("text", words, "class", mark, "x", px(ChartBar.LABEL_X), "y", px(y));
    }
}
