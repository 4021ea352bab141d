package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts by name what happened in a random run, for the line that tells of it. Thread-safe. */
final class Tally {
    private final Map<String, Long> counts = new ConcurrentHashMap<>();
    private final Map<String, Long> most = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();

    void add(String name, long count) {
        counts.merge(name, count, Long::sum);
    }

    /** Remembers the largest number given under this name. */
    void atLeast(String name, long number) {
        most.merge(name, number, Math::max);
    }

    long get(String name) {
        return counts.getOrDefault(name, most.getOrDefault(name, 0L));
    }

    /** Fails if one of these never happened. */
    void assertHappened(Collection<String> names) {
        assertThat(names).as("%s", this).allMatch(name -> get(name) > 0);
    }

    /** One line: operations a second, and all counts. */
    String describe(String run, long operations, long seed) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        return run + ": " + operations + " operations, " + operations * 1000 / millis + " a second, seed " + seed + ": "
                + this;
    }

    @Override
    public String toString() {
        return new TreeMap<>(counts) + " " + most;
    }
}
