package io.github.tmem.bench.measure;

import io.github.tmem.bench.measure.Plan.Hits;
import io.github.tmem.bench.peer.policy.Peer;
import io.github.tmem.bench.replay.Course;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.trace.SampleTraces;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.bench.trace.TraceReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Hit ratios on recorded traces, less those of other policies with as many pages, in points. The figure is the mean over
 * traces and sizes; its spread is that of the traces' means.
 */
public final class HitRatios implements Measurement {
    /** The large traces; the first is the one of a quick run. */
    private static final List<String> LARGE = List.of("arc-oltp", "arc-p3-4k", "arc-p6-4k", "cp-w106", "c2k-orm-night");

    private static final List<String> SMALL =
            List.of("lirs-2pools", "lirs-cpp", "lirs-gli", "lirs-ps", "lirs-sprite", "lirs-multi1");

    private static final double[] INCLUSIVE_SHARES = {0.01, 0.05, 0.10, 0.30};
    private static final double[] EXCLUSIVE_SHARES = {0.05, 0.10, 0.20, 0.40};
    private static final double GUEST_SHARE = 0.10;
    private static final double POINTS = 100;

    @Override
    public String name() {
        return "hit ratios";
    }

    @Override
    public int steps(Plan plan) {
        return inclusive(plan).size() + exclusive(plan).size();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        add(Budget.HIT_INCLUSIVE_VS_WTINYLFU, inclusive(plan), HitRatios::aheadOfTinyLfu, results, step);
        add(Budget.HIT_EXCLUSIVE_VS_ARC, exclusive(plan), HitRatios::aheadOfArc, results, step);
    }

    private interface Lead {
        /** The points we are ahead, on the mean of all sizes. */
        double on(Trace trace);
    }

    private static void add(Budget budget, List<Path> traces, Lead lead, Results results, Runnable step) {
        if (traces.isEmpty()) {
            results.missing(budget, "no traces");
            return;
        }
        double[] leads = new double[traces.size()];
        for (int i = 0; i < leads.length; i++) {
            Trace trace = TraceReader.read(traces.get(i));
            leads[i] = lead.on(trace);
            results.detail(budget.words() + ": " + trace.name(), Spread.exactly(leads[i]));
            step.run();
        }
        Spread spread = Spread.of(leads);
        double mean = DoubleStream.of(leads).average().orElseThrow();
        String of = leads.length == 1 ? Trace.nameOf(traces.getFirst()) + " only" : "mean of " + leads.length;
        results.add(budget, of, new Spread(spread.low(), mean, spread.high()));
    }

    private static double aheadOfTinyLfu(Trace trace) {
        return lead(Course.direct(trace), Peer.W_TINY_LFU, INCLUSIVE_SHARES);
    }

    private static double aheadOfArc(Trace trace) {
        return lead(Course.behindGuest(trace, pages(trace, GUEST_SHARE)), Peer.ARC, EXCLUSIVE_SHARES);
    }

    private static double lead(Course course, Peer peer, double[] shares) {
        return POINTS
                * DoubleStream.of(shares)
                        .mapToInt(share -> pages(course.trace(), share))
                        .mapToDouble(pages -> course.store(pages).ratio()
                                - course.peer(peer, pages).ratio())
                        .average()
                        .orElseThrow();
    }

    private static int pages(Trace trace, double share) {
        return Math.max(1, (int) (trace.distinctPages() * share + 1e-9));
    }

    private static List<Path> inclusive(Plan plan) {
        return files(LARGE, plan.hits());
    }

    private static List<Path> exclusive(Plan plan) {
        return files(Stream.concat(LARGE.stream(), SMALL.stream()).toList(), plan.hits());
    }

    private static List<Path> files(List<String> names, Hits hits) {
        int wanted = hits == Hits.NONE ? 0 : hits == Hits.ONE_TRACE ? 1 : names.size();
        List<Path> files = names.stream()
                .limit(wanted)
                .map(SampleTraces::file)
                .filter(Files::isReadable)
                .toList();
        return files.size() < wanted ? List.of() : files;
    }
}
