package io.github.tmem.node.demo;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Puts the figures of the store and of the workers together. */
final class ReportBuilder {
    private static final double NANOS_PER_MICRO = 1e3;

    /** Where the pages came from. */
    record Source(String name, long bytes) {}

    /** What took how long. */
    record Times(double seconds, List<DemoReport.PhaseTime> phases, List<DemoReport.ChangeFigures> changes) {}

    private final DemoPlan plan;
    private final List<Worker> workers;
    private final Findings findings;

    ReportBuilder(DemoPlan plan, List<Worker> workers, Findings findings) {
        this.plan = plan;
        this.workers = workers;
        this.findings = findings;
    }

    /** The report of a run that held {@code held} before its last phase and ended with {@code end}. */
    DemoReport report(Source source, Times times, StoreStats held, StoreStats end) {
        List<DemoReport.TierFigures> tiers = new ArrayList<>();
        for (int i = 0; i < end.tiers().size(); i++) {
            tiers.add(tier(held.tiers().get(i), end.tiers().get(i)));
        }
        List<DemoReport.PoolFigures> pools = List.of(
                pool(plan.ephemeral(), held, end, Worker::ephemeral),
                pool(plan.persistent(), held, end, Worker::persistent));
        return new DemoReport(
                source.name(),
                source.bytes(),
                workers.size(),
                times.seconds(),
                List.copyOf(times.phases()),
                List.copyOf(times.changes()),
                tiers,
                pools,
                verdict());
    }

    private static DemoReport.TierFigures tier(TierStats held, TierStats end) {
        return new DemoReport.TierFigures(
                end.chain(),
                end.tier(),
                end.codec(),
                held.ephemeralPages() + held.persistentPages(),
                held.usedBytes(),
                held.capacityBytes(),
                held.fill(),
                held.density(),
                end.hits(),
                end.full(),
                end.evicted(),
                end.demotedOut(),
                end.promotedOut());
    }

    private DemoReport.PoolFigures pool(
            PoolConfig pool, StoreStats held, StoreStats end, Function<Worker, VerifiedPool> view) {
        PoolStats atEnd = find(end, pool.name());
        long pages = find(held, pool.name()).pages();
        long hits = sum(view, VerifiedPool::hits);
        long gets = hits
                + sum(view, VerifiedPool::misses)
                + sum(view, VerifiedPool::lostGets)
                + sum(view, VerifiedPool::unavailableGets);
        long keys = workers.stream()
                .mapToLong(worker -> worker.keys(view.apply(worker)))
                .sum();
        return new DemoReport.PoolFigures(
                pool.name(),
                pool.kind().word(),
                pool.getMode().word(),
                pool.pageSize(),
                pages,
                keys == 0 ? 0 : (double) pages / keys,
                gets,
                gets == 0 ? 0 : (double) hits / gets,
                latency(view.andThen(VerifiedPool::putNanos)),
                latency(view.andThen(VerifiedPool::hitNanos)),
                atEnd.refused(),
                atEnd.evicted());
    }

    private static PoolStats find(StoreStats stats, String pool) {
        return stats.pools().stream()
                .filter(candidate -> candidate.name().equals(pool))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no figures of pool " + pool));
    }

    private DemoReport.Latency latency(Function<Worker, Histogram> view) {
        Histogram all = new Histogram(2);
        workers.forEach(worker -> all.add(view.apply(worker)));
        return new DemoReport.Latency(
                all.getTotalCount(),
                all.getValueAtPercentile(50) / NANOS_PER_MICRO,
                all.getValueAtPercentile(99) / NANOS_PER_MICRO);
    }

    private DemoReport.Verdict verdict() {
        long ephemeral = sum(Worker::ephemeral, VerifiedPool::hits);
        long persistent = sum(Worker::persistent, VerifiedPool::hits);
        return new DemoReport.Verdict(
                ephemeral + persistent,
                ephemeral * plan.ephemeral().pageSize()
                        + persistent * plan.persistent().pageSize(),
                sum(Worker::ephemeral, VerifiedPool::rightMisses) + sum(Worker::persistent, VerifiedPool::rightMisses),
                losses(),
                findings.count(),
                findings.kept());
    }

    private DemoReport.@Nullable Losses losses() {
        if (!plan.acceptsLoss()) {
            return null;
        }
        return new DemoReport.Losses(
                sum(Worker::persistent, VerifiedPool::lostPages),
                sum(Worker::persistent, VerifiedPool::lostGets),
                workers.stream().mapToLong(Worker::stillUnavailable).sum(),
                sum(Worker::persistent, VerifiedPool::unavailableGets));
    }

    private long sum(Function<Worker, VerifiedPool> view, ToLongFunction<VerifiedPool> figure) {
        return workers.stream()
                .mapToLong(worker -> figure.applyAsLong(view.apply(worker)))
                .sum();
    }
}
