package io.github.tmem.bench.run;

import io.github.tmem.bench.mixed.MixedRun;
import java.io.PrintWriter;
import java.time.Duration;

/** A line for each rate, with minutes and seconds since the start. */
record RateLines(PrintWriter out) implements MixedRun.Ticks {
    @Override
    public void tick(Duration moment, double stepsPerSecond) {
        out.printf(
                "tmem bench: %d:%02d %d steps a second%n",
                moment.toMinutes(), moment.toSecondsPart(), Math.round(stepsPerSecond));
        out.flush();
    }
}
