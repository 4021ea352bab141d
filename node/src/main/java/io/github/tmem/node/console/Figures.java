package io.github.tmem.node.console;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Figures() {}

    /** Bytes with one digit after the point unless it is zero: {@code 24 MiB}, {@code 22.8 MiB}. */
    public static String bytes(long bytes) {
        int unit = 0;
        double amount = bytes;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        String number = String.format(Locale.ROOT, "%.1f", amount);
        return (number.endsWith(".0") ? number.substring(0, number.length() - 2) : number) + " " + UNITS[unit];
    }

    /** A count with its thousands apart: {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A share of 0 to 1 in per cent: {@code 54.2 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** A factor: {@code 2.11x}. */
    public static String factor(double factor) {
        return String.format(Locale.ROOT, "%.2fx", factor);
    }

    /** A duration in microseconds with three digits: {@code 3.14 µs}, {@code 31.4 µs}, {@code 314 µs}. */
    public static String micros(double micros) {
        int digits = micros < 10 ? 2 : micros < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + digits + "f µs", micros);
    }
}
