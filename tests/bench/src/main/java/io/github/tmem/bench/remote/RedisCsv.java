package io.github.tmem.bench.remote;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code redis-benchmark --csv} prints: a line for each test, its name and its requests per second first. */
final class RedisCsv {
    private static final Pattern LINE = Pattern.compile("^\"([^\"]+)\",\"(\\d+(?:\\.\\d+)?)\"");

    private RedisCsv() {}

    /**
     * The requests per second of a test.
     *
     * @param test its name as printed, for example {@code SET}
     * @throws IllegalStateException if they are not there, with what was printed
     */
    static double requestsPerSecond(String printed, String test) {
        return printed.lines()
                .map(LINE::matcher)
                .filter(Matcher::find)
                .filter(line -> line.group(1).equals(test))
                .mapToDouble(line -> Double.parseDouble(line.group(2)))
                .filter(rate -> rate > 0)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("redis-benchmark said nothing of " + test + ": " + printed.strip()));
    }
}
