package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.Size;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers, sizes and times. */
final class Numbers {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final String TIME_ALLOWED = "a whole number with ms, s, m or h (\"30s\")";

    private Numbers() {}

    static long whole(ConfigValue value, long min, long max) {
        String allowed = "a whole number from " + min + " to " + max;
        String text = value.text(allowed);
        long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            throw value.refused("is not allowed", allowed);
        }
        return number;
    }

    static int bytes(ConfigValue value, int min, int max) {
        String allowed = "a size from " + Size.ofBytes(min) + " to " + Size.ofBytes(max);
        Size size;
        try {
            size = Size.parse(value.text(allowed));
        } catch (ConfigException e) {
            throw value.refused("is not a size", allowed);
        }
        if (size.isPercent() || size.bytes() < min || size.bytes() > max) {
            throw value.refused("is not allowed", allowed);
        }
        return (int) size.bytes();
    }

    static Duration duration(ConfigValue value) {
        Matcher time = TIME.matcher(value.text(TIME_ALLOWED));
        if (!time.matches()) {
            throw value.refused("is not a time", TIME_ALLOWED);
        }
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    static Duration positive(ConfigValue value) {
        Duration duration = duration(value);
        if (duration.isZero()) {
            throw value.refused("is not allowed", TIME_ALLOWED + ", above 0");
        }
        return duration;
    }
}
