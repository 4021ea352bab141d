package io.github.tmem.bench.trace;

import io.github.tmem.node.console.UserMistakeException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of pages: a number, or a share of a trace's distinct pages.
 *
 * @param typed what the user typed
 * @param value the number of pages, or the share in per cent
 * @param unit which of the two
 */
public record Amount(String typed, BigDecimal value, Unit unit) {
    /** The most pages: 256 GiB of them. */
    public static final long PAGES_MAX = 1L << 26;

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(%)|(\\d{1,12})");

    /** What the value of an amount means. */
    public enum Unit {
        /** Pages. */
        PAGES,
        /** Per cent of the distinct pages. */
        PERCENT
    }

    /**
     * Reads {@code 10%} or {@code 5000}.
     *
     * @param option the option it is the value of, for the message
     * @throws UserMistakeException naming the option, the text and what is allowed
     */
    public static Amount parse(String option, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            boolean percent = matcher.group(2) != null;
            BigDecimal value = new BigDecimal(matcher.group(percent ? 1 : 3));
            BigDecimal most = percent ? HUNDRED : BigDecimal.valueOf(PAGES_MAX);
            if (value.signum() > 0 && value.compareTo(most) <= 0) {
                return new Amount(text, value, percent ? Unit.PERCENT : Unit.PAGES);
            }
        }
        throw new UserMistakeException(
                option + " \"" + text + "\"; allowed: a share of the trace's distinct pages above 0% "
                        + "and at most 100% (\"10%\"), or 1 to " + PAGES_MAX + " pages (\"5000\")");
    }

    /**
     * The whole pages this is of the distinct pages of {@code trace}, rounded down.
     *
     * @param option as for {@link #parse}
     * @throws UserMistakeException if that is no page at all
     */
    public int pagesOf(Trace trace, String option) {
        BigDecimal distinct = BigDecimal.valueOf(trace.distinctPages());
        BigDecimal pages = unit == Unit.PAGES ? value : value.multiply(distinct).divide(HUNDRED, 0, RoundingMode.DOWN);
        if (pages.signum() == 0 || pages.longValue() == 0) {
            throw new UserMistakeException(option + " " + typed + " of " + trace.name() + " with its " + distinct
                    + " distinct pages is no page at all; allowed: a larger share, or a number of pages");
        }
        return (int) Math.min(pages.longValue(), PAGES_MAX);
    }
}
