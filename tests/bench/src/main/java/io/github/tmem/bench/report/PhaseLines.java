package io.github.tmem.bench.report;

import io.github.tmem.node.console.Progress;
import java.io.PrintWriter;
import java.time.Duration;

/** A line for each part of the work when it begins, with minutes and seconds since the first: where there is no terminal. */
public final class PhaseLines implements Progress {
    private final String command;
    private final PrintWriter out;
    private final long begun = System.nanoTime();

    /** Lines that begin with {@code command}, written to {@code out}. */
    public PhaseLines(String command, PrintWriter out) {
        this.command = command;
        this.out = out;
    }

    @Override
    public void phase(String name) {
        Duration since = Duration.ofNanos(System.nanoTime() - begun);
        out.printf("%s: %d:%02d %s%n", command, since.toMinutes(), since.toSecondsPart(), name);
        out.flush();
    }

    @Override
    public void advance(long steps) {
        // the parts are enough
    }

    @Override
    public void close() {
        // whoever succeeds says so; this comes after a failure as well
    }
}
