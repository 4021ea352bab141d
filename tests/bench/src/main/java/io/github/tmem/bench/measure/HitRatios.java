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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hit ratios on recorded traces, less those of other policies with as many pages, in points. A figure is the mean over traces and
 * sizes, or the least of the traces' means.
 */
public final class HitRatios implements Measurement {
    /** The large traces; the first is the one of a quick run. */
    private static final List<String> LARGE = List.of("arc-oltp", "arc-p3-4k", "arc-p6-4k", "cp-w106", "c2k-orm-night");

    private static final List<String> LOOPS =
            List.of("lirs-2pools", "lirs-cpp", "lirs-gli", "lirs-ps", "lirs-sprite", "lirs-multi1");

    private static final List<String> ALL =
            Stream.concat(LARGE.stream(), LOOPS.stream()).toList();

    private static final List<Contest> CONTESTS = List.of(
            new Contest(
                    "hits − W-TinyLFU's",
                    LARGE,
                    HitRatios::aheadOfTinyLfu,
                    Map.of(
                            Budget.HIT_INCLUSIVE_VS_WTINYLFU, HitRatios::mean,
                            Budget.HIT_INCLUSIVE_WORST_TRACE, HitRatios::least)),
            new Contest(
                    "hits − S3-FIFO's",
                    LOOPS,
                    HitRatios::aheadOfS3Fifo,
                    Map.of(Budget.HIT_LOOPS_VS_S3_FIFO, HitRatios::mean)),
            new Contest(
                    "hits − exclusive ARC's",
                    ALL,
                    HitRatios::aheadOfArc,
                    Map.of(Budget.HIT_EXCLUSIVE_VS_ARC, HitRatios::mean)));

    private static final double[] INCLUSIVE_SHARES = {0.01, 0.05, 0.10, 0.30};
    private static final double[] EXCLUSIVE_SHARES = {0.05, 0.10, 0.20, 0.40};
    private static final double GUEST_SHARE = 0.10;
    private static final double POINTS = 100;

    private interface Lead {
        /** The points we are ahead, on the mean of all sizes. */
        double on(Trace trace);
    }

    /**
     * What is compared with one peer.
     *
     * @param words what the points on each trace are
     * @param names the traces
     * @param figures what comes of all traces' points
     */
    private record Contest(
            String words, List<String> names, Lead lead, Map<Budget, Function<List<Double>, Double>> figures) {
        List<String> names(Hits hits) {
            int wanted = hits == Hits.NONE ? 0 : hits == Hits.ONE_TRACE ? 1 : names.size();
            return names.subList(0, wanted);
        }

        Optional<String> missing(Hits hits) {
            return names(hits).stream()
                    .filter(name -> !Files.isReadable(SampleTraces.file(name)))
                    .findFirst();
        }

        int steps(Hits hits) {
            return missing(hits).isPresent() ? 0 : names(hits).size();
        }

        void hold(Hits hits, Results results, Runnable step) {
            Optional<String> missing = missing(hits);
            if (missing.isPresent()) {
                figures.keySet().forEach(budget -> results.missing(budget, "no trace " + missing.get()));
            } else if (!names(hits).isEmpty()) {
                List<Double> leads = names(hits).stream()
                        .map(name -> lead(name, results, step))
                        .toList();
                String of = leads.size() == 1 ? names.getFirst() + " only" : leads.size() + " traces";
                figures.forEach((budget, figure) -> results.add(budget, of, Spread.exactly(figure.apply(leads))));
            }
        }

        private double lead(String name, Results results, Runnable step) {
            double points = lead.on(TraceReader.read(SampleTraces.file(name)));
            results.detail(words + ": " + name, Spread.exactly(points));
            step.run();
            return points;
        }
    }

    @Override
    public String name() {
        return "hit ratios";
    }

    @Override
    public int steps(Plan plan) {
        return CONTESTS.stream().mapToInt(contest -> contest.steps(plan.hits())).sum();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        CONTESTS.forEach(contest -> contest.hold(plan.hits(), results, step));
    }

    private static double mean(List<Double> leads) {
        return leads.stream().mapToDouble(lead -> lead).average().orElseThrow();
    }

    private static double least(List<Double> leads) {
        return leads.stream().mapToDouble(lead -> lead).min().orElseThrow();
    }

    private static double aheadOfTinyLfu(Trace trace) {
        return lead(Course.direct(trace), Peer.W_TINY_LFU, INCLUSIVE_SHARES);
    }

    private static double aheadOfS3Fifo(Trace trace) {
        return lead(Course.direct(trace), Peer.S3_FIFO, INCLUSIVE_SHARES);
    }

    private static double aheadOfArc(Trace trace) {
        return lead(Course.behindGuest(trace, pages(trace, GUEST_SHARE)), Peer.ARC, EXCLUSIVE_SHARES);
    }

    private static double lead(Course course, Peer peer, double[] shares) {
        return POINTS
                * DoubleStream.of(shares)
                        .mapToInt(share -> pages(course.trace(), share))
                        .mapToDouble(pages -> course.store(pages).ratio() - ratio(course, peer, pages))
                        .average()
                        .orElseThrow();
    }

    private static double ratio(Course course, Peer peer, int pages) {
        return IntStream.range(0, peer.runs())
                .mapToDouble(run -> course.peer(peer, pages).ratio())
                .average()
                .orElseThrow();
    }

    private static int pages(Trace trace, double share) {
        return Math.max(1, (int) (trace.distinctPages() * share + 1e-9));
    }
}
