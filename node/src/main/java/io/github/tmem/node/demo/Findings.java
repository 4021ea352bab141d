package io.github.tmem.node.demo;

import java.util.ArrayList;
import java.util.List;

/** The broken laws found by all threads: their number, and the first few in words. Thread-safe. */
final class Findings {
    private static final int KEPT_MAX = 5;

    private final List<String> kept = new ArrayList<>();
    private long count;

    synchronized void add(String finding) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(finding);
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<String> kept() {
        return List.copyOf(kept);
    }
}
