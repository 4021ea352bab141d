package io.github.tmem.bench.remote;

import io.github.tmem.bench.timing.Contestant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A contestant, and the processor time that this process and a server spend on it. The system counts in steps of up to 10 ms,
 * so a sum over many turns is needed to say anything.
 */
public final class Metered implements Contestant {
    private final Contestant contestant;
    private final LocalServer server;
    private final List<Turn> turns = new ArrayList<>();

    private record Turn(int operations, long nanosHere, long nanosThere) {}

    /** Meters {@code contestant}, who talks to {@code server}. */
    public Metered(Contestant contestant, LocalServer server) {
        this.contestant = contestant;
        this.server = server;
    }

    @Override
    public String name() {
        return contestant.name();
    }

    @Override
    public void prepare(int from, int to) {
        contestant.prepare(from, to);
    }

    @Override
    public void run(int from, int to) {
        contestant.run(from, to);
    }

    @Override
    public long time(int from, int to) {
        long here = cpuNanos(ProcessHandle.current());
        long there = cpuNanos(server.handle());
        long nanos = contestant.time(from, to);
        turns.add(new Turn(to - from, cpuNanos(ProcessHandle.current()) - here, cpuNanos(server.handle()) - there));
        return nanos;
    }

    /** The processor time that this process spent on an operation, in nanoseconds; the mean of the last {@code count} turns. */
    public double nanosHere(int count) {
        return last(count).stream().mapToLong(Turn::nanosHere).sum() / operations(count);
    }

    /** As {@link #nanosHere}, that of the server. */
    public double nanosThere(int count) {
        return last(count).stream().mapToLong(Turn::nanosThere).sum() / operations(count);
    }

    private double operations(int count) {
        return last(count).stream().mapToLong(Turn::operations).sum();
    }

    private List<Turn> last(int count) {
        return turns.subList(Math.max(0, turns.size() - count), turns.size());
    }

    private static long cpuNanos(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
