package io.github.tmem.bench.report;

import static io.github.tmem.bench.report.Svg.px;

import io.github.tmem.bench.timing.Spread;

/**
 * One row of a {@link Chart}: words, a bar from 0 to the median, a whisker, the number, the limit and the verdict.
 *
 * <p>Every row has a scale of its own, in which the limit (or 1, without a limit) is at {@value #LIMIT_X}, so that one line
 * serves them all, and 0 at {@value #BARS_X} if the limit is above 0. A limit of 0 or less has 1 for its unit instead. What
 * does not fit ends at the edge, with an arrow.
 *
 * @param budget what was measured
 * @param value its median and spread
 * @param y the upper edge of the row
 */
record ChartBar(Budget budget, Spread value, int y) {
    static final int LABEL_X = 16;
    static final int BARS_X = 290;
    static final int LIMIT_X = 440;
    static final int BARS_END = 630;
    static final int HEIGHT = 24;

    private static final int NUMBER_X = 690;
    private static final int BUDGET_X = 746;
    private static final int VERDICT_X = 754;
    private static final int THICKNESS = 14;
    private static final int CAP = 4;
    private static final int BASELINE = 16;

    String svg() {
        boolean limited = budget.limitValue().isPresent();
        String verdict = budget.verdict(value.median());
        String words = budget.words() + ": " + number(value.median()) + " (" + number(value.low()) + " to "
                + number(value.high()) + ")";
        String row = Svg.text("title", words)
                + text(LABEL_X, "start", budget.words())
                + bar(limited ? verdict : "free")
                + (value.isExact() ? "" : whisker())
                + (unclampedX(value.low()) < BARS_X ? text(BARS_X - 2, "end", "‹") : "")
                + (unclampedX(value.high()) > BARS_END ? text(BARS_END + 2, "start", "›") : "")
                + text(NUMBER_X, "end", number(value.median()))
                + text(BUDGET_X, "end", budget.limit())
                + (limited ? text(VERDICT_X, "start", verdict) : "");
        return Svg.group("g", row, "id", budget.key());
    }

    private String bar(String mark) {
        double from = Math.min(x(0), x(value.median()));
        double length = Math.abs(x(value.median()) - x(0));
        String top = px(y + (HEIGHT - THICKNESS) / 2.0);
        String thickness = px(THICKNESS);
        return Svg.empty("rect", "class", mark, "x", px(from), "y", top, "width", px(length), "height", thickness);
    }

    private String whisker() {
        double middle = y + HEIGHT / 2.0;
        String low = px(x(value.low()));
        String high = px(x(value.high()));
        String cap = " " + px(middle - CAP) + "V" + px(middle + CAP);
        String path = "M" + low + " " + px(middle) + "H" + high + "M" + low + cap + "M" + high + cap;
        return Svg.empty("path", "class", "whisker", "d", path);
    }

    /** Where a value is, within the room for bars. */
    private double x(double of) {
        return Math.clamp(unclampedX(of), BARS_X, BARS_END);
    }

    private double unclampedX(double of) {
        double limit = budget.limitValue().orElse(1);
        return LIMIT_X + (of - limit) * (LIMIT_X - BARS_X) / (limit > 0 ? limit : 1);
    }

    private String text(int x, String anchor, String words) {
        return Svg.text("text", words, "x", px(x), "y", px(y + BASELINE), "text-anchor", anchor);
    }

    private static String number(double number) {
        return Figure.number(number);
    }
}
