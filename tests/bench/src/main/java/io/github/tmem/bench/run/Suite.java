package io.github.tmem.bench.run;

import io.github.tmem.bench.measure.Allocation;
import io.github.tmem.bench.measure.Caches;
import io.github.tmem.bench.measure.Churn;
import io.github.tmem.bench.measure.HitRatios;
import io.github.tmem.bench.measure.ManyPages;
import io.github.tmem.bench.measure.Measurement;
import io.github.tmem.bench.measure.Metadata;
import io.github.tmem.bench.measure.Pause;
import io.github.tmem.bench.measure.Plan;
import io.github.tmem.bench.measure.RedisBenchmarks;
import io.github.tmem.bench.measure.RemoteTier;
import io.github.tmem.bench.measure.Speed;
import io.github.tmem.bench.measure.Steps;
import io.github.tmem.bench.measure.Storing;
import io.github.tmem.bench.measure.TwoThreads;
import io.github.tmem.bench.report.Budget.Area;
import io.github.tmem.bench.report.Results;
import io.github.tmem.node.console.Progress;
import java.util.List;
import java.util.function.LongFunction;

/** Measurements one after the other. */
final class Suite {
    private static final List<Measurement> OF_STORES = List.of(
            new Speed(),
            new Steps(),
            new Storing(),
            new TwoThreads(),
            new ManyPages(),
            new Allocation(),
            new Metadata(),
            new Churn(),
            new Pause(),
            new Caches(),
            new HitRatios());

    private static final List<Measurement> OVER_THE_WIRE = List.of(new RemoteTier(), new RedisBenchmarks());

    private final Area area;
    private final Plan plan;
    private final List<Measurement> measurements;

    /** All that is measured in an area. */
    Suite(Area area, Plan plan) {
        this.area = area;
        this.plan = plan;
        measurements = area == Area.STORES ? OF_STORES : OVER_THE_WIRE;
    }

    /** Measures everything; {@code progress} makes what hears of so many steps. */
    Results run(LongFunction<Progress> progress) {
        Results results = new Results(area);
        long steps = measurements.stream().mapToInt(one -> one.steps(plan)).sum();
        try (Progress bar = progress.apply(steps)) {
            for (Measurement measurement : measurements) {
                bar.phase(measurement.name());
                measure(measurement, results, bar);
            }
            bar.phase("done");
        }
        return results;
    }

    /** One that wants more memory than there is costs its own figures, not those of the others. */
    private void measure(Measurement measurement, Results results, Progress bar) {
        try {
            measurement.measure(plan, results, () -> bar.advance(1));
        } catch (OutOfMemoryError e) {
            results.remark("too little memory for " + measurement.name() + " (" + e.getMessage()
                    + "); allow more, for example TMEM_JAVA_OPTS=-Xmx4g");
        }
    }
}
