package io.github.tmem.api.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of memory: bytes, or a percentage of something that the place of use defines.
 *
 * @param bytes the amount in bytes, at least 1; or 0 when it is a percentage
 * @param percent the amount in per cent, above 0 and at most 100; or 0 when it is in bytes
 */
public record Size(long bytes, double percent) {

    /** What {@link #parse} accepts, in words for error messages. */
    public static final String ALLOWED =
            "a whole number with B, KiB, MiB, GiB or TiB (\"256MiB\"), or a percentage (\"25%\")";

    private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    public Size {
        boolean asBytes = bytes > 0 && percent == 0;
        boolean asPercent = bytes == 0 && percent > 0 && percent <= 100;
        if (!asBytes && !asPercent) {
            throw new ConfigException("a size is at least 1 byte, or above 0 % and at most 100 %");
        }
    }

    /** So many bytes. */
    public static Size ofBytes(long bytes) {
        return new Size(bytes, 0);
    }

    /** So many per cent. */
    public static Size ofPercent(double percent) {
        return new Size(0, percent);
    }

    /**
     * Reads {@code "256MiB"}, {@code "4096"} (bytes) or {@code "25%"}.
     *
     * @throws ConfigException naming the text and what is allowed
     */
    public static Size parse(String text) {
        Matcher percent = PERCENT.matcher(text.strip());
        if (percent.matches()) {
            double value = Double.parseDouble(percent.group(1));
            if (value > 0 && value <= 100) {
                return ofPercent(value);
            }
        }
        Matcher bytes = BYTES.matcher(text.strip());
        if (bytes.matches()) {
            long number = Long.parseLong(bytes.group(1));
            int shift = shiftOf(bytes.group(2));
            if (number > 0 && number <= Long.MAX_VALUE >> shift) {
                return ofBytes(number << shift);
            }
        }
        throw new ConfigException("\"" + text + "\" is not a size; allowed: " + ALLOWED);
    }

    private static int shiftOf(@Nullable String unit) {
        if (unit == null) {
            return 0;
        }
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
    }

    /** Whether this is a percentage. */
    public boolean isPercent() {
        return percent > 0;
    }

    /** The bytes this stands for when 100 % is {@code whole} bytes. */
    public long resolve(long whole) {
        return isPercent() ? (long) (whole * (percent / 100)) : bytes;
    }

    /** The form {@link #parse} reads, with the largest unit that divides the amount. */
    @Override
    public String toString() {
        if (isPercent()) {
            return percent == Math.rint(percent)
                    ? String.format(Locale.ROOT, "%.0f%%", percent)
                    : String.format(Locale.ROOT, "%s%%", percent);
        }
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = Math.min(Long.numberOfTrailingZeros(bytes) / 10, units.length - 1);
        return (bytes >> (10 * unit)) + units[unit];
    }
}
