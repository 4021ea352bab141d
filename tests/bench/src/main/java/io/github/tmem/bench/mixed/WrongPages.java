package io.github.tmem.bench.mixed;

import java.util.ArrayList;
import java.util.List;

/** The wrong pages that came back: how many, and what was wrong with the first ones. Thread-safe. */
final class WrongPages {
    private static final int LINES_MAX = 10;

    private final List<String> lines = new ArrayList<>();
    private long count;

    /** Notes one. */
    synchronized void add(String line) {
        count++;
        if (lines.size() < LINES_MAX) {
            lines.add(line);
        }
    }

    synchronized long count() {
        return count;
    }

    /** The first ten. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
