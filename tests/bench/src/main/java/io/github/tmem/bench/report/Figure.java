package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import java.util.Locale;

/**
 * One measured figure.
 *
 * @param of what it was measured on, for example {@code fs, heap}
 * @param value the value and how it varied from round to round
 */
public record Figure(String of, Spread value) {

    /** A number with as many digits as say something. */
    public static String number(double number) {
        double size = Math.abs(number);
        String digits = size == Math.rint(size) || size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, number);
    }

    /** The lowest and the highest of the rounds; empty if the value does not vary. */
    String spread() {
        return value.isExact() ? "" : number(value.low()) + "…" + number(value.high());
    }
}
