package io.github.tmem.node.demo;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.node.console.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One run of the demo over an open store. */
final class DemoRun {
    private static final int OBJECT_BYTES_MAX = 1 << 20;
    private static final int OBJECTS_MIN = 64;
    private static final int CHANGING_ROUNDS_MAX = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final DemoPlan plan;
    private final PageSource source;
    private final Findings findings = new Findings();
    private final List<Worker> workers = new ArrayList<>();
    private final List<DemoReport.PhaseTime> times = new ArrayList<>();
    private final List<DemoReport.ChangeFigures> changes = new ArrayList<>();
    private final PagePool ephemeral;
    private final PagePool persistent;

    DemoRun(DemoPlan plan, PageSource source, PageStore store) {
        this.plan = plan;
        this.source = source;
        ephemeral = store.pool(plan.ephemeral());
        persistent = store.pool(plan.persistent());
        Tolerance tolerance = plan.acceptsLoss() ? Tolerance.LOSSES : Tolerance.NONE;
        for (int i = 0; i < plan.threads(); i++) {
            workers.add(new Worker(
                    new VerifiedPool(ephemeral, source, findings, Tolerance.NONE),
                    new VerifiedPool(persistent, source, findings, tolerance)));
        }
        shareOut();
    }

    /** Cuts the source into objects that go to the pools in turn, and to the workers in turn of pairs. */
    private void shareOut() {
        long objectBytes = objectBytes(source.byteSize(), plan.pageSizeMax());
        long objects = Math.ceilDiv(source.byteSize(), objectBytes);
        for (long i = 0; i < objects; i++) {
            long start = i * objectBytes;
            long bytes = Math.min(objectBytes, source.byteSize() - start);
            PageKind kind = i % 2 == 0 ? PageKind.EPHEMERAL : PageKind.PERSISTENT;
            int pageSize = (kind == PageKind.EPHEMERAL ? plan.ephemeral() : plan.persistent()).pageSize();
            DemoObject object = new DemoObject(ObjectId.of(i), start / pageSize, (int) (bytes / pageSize));
            workers.get((int) (i / 2 % workers.size())).own(object, kind);
        }
    }

    /** Large objects, but enough of them that both pools and all threads get some. */
    private static long objectBytes(long sourceBytes, int pageSizeMax) {
        long bytes = OBJECT_BYTES_MAX;
        while (bytes > pageSizeMax && sourceBytes / bytes < OBJECTS_MIN) {
            bytes /= 2;
        }
        return bytes;
    }

    /** The progress steps of the whole run. */
    static long steps(DemoPlan plan, PageSource source) {
        long pages = source.byteSize() / 2 / plan.ephemeral().pageSize()
                + source.byteSize() / 2 / plan.persistent().pageSize();
        int scripted = plan.course() == Course.LIVE ? TierScript.length() : 0;
        return pages * (Phase.values().length + scripted);
    }

    /** Runs every phase and reports. */
    DemoReport run(PageStore store, String sourceName, Progress progress) throws InterruptedException {
        long start = System.nanoTime();
        StoreStats held = store.stats();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
            for (Phase phase : Phase.values()) {
                if (phase == Phase.REREAD) {
                    if (plan.course() == Course.LIVE) {
                        changeTiers(store, threads, progress);
                    }
                    held = store.stats();
                }
                run(threads, phase, progress);
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        checkUnavailable(store);
        checkPageCount();
        StoreStats end = store.stats();
        checkWhoLost(end);
        ReportBuilder builder = new ReportBuilder(plan, workers, findings);
        return builder.report(
                new ReportBuilder.Source(sourceName, source.byteSize()),
                new ReportBuilder.Times(seconds, times, changes),
                held,
                end);
    }

    /** Makes one change after the other, each while the threads work, at least once over all their pages. */
    private void changeTiers(PageStore store, ExecutorService threads, Progress progress) throws InterruptedException {
        long start = System.nanoTime();
        int rounds = 0;
        try (ExecutorService script = Executors.newSingleThreadExecutor()) {
            for (TierScript.Step step : script(store)) {
                progress.phase(step.words());
                Future<DemoReport.ChangeFigures> change = script.submit(step::make);
                do {
                    work(threads, roundPhase(rounds++), Progress.silent());
                } while (!change.isDone());
                changes.add(await(change));
                progress.advance(steps(plan.withCourse(Course.STEADY), source) / Phase.values().length);
            }
        }
        times.add(new DemoReport.PhaseTime("changes", (System.nanoTime() - start) / NANOS_PER_SECOND));
    }

    private List<TierScript.Step> script(PageStore store) {
        String chain = plan.persistent().chain();
        Size size =
                plan.config().chains().getOrDefault(chain, List.of()).getLast().capacity();
        long firstBytes = store.stats().tiers().stream()
                .filter(tier -> tier.chain().equals(chain))
                .findFirst()
                .orElseThrow()
                .capacityBytes();
        return TierScript.of(store.chain(chain), TierConfig.of("offheap", size), firstBytes);
    }

    /** Puts and gets in turn; gets alone once there are nearly as many versions of a page as can be told apart. */
    private static Phase roundPhase(int round) {
        if (round >= CHANGING_ROUNDS_MAX) {
            return Phase.REREAD;
        }
        return round % 2 == 0 ? Phase.REPLACE : Phase.GET;
    }

    private void run(ExecutorService threads, Phase phase, Progress progress) throws InterruptedException {
        progress.phase(phase.word());
        long start = System.nanoTime();
        work(threads, phase, progress);
        times.add(new DemoReport.PhaseTime(phase.word(), (System.nanoTime() - start) / NANOS_PER_SECOND));
    }

    private void work(ExecutorService threads, Phase phase, Progress progress) throws InterruptedException {
        List<Callable<Void>> work = new ArrayList<>();
        for (Worker worker : workers) {
            work.add(() -> {
                worker.run(phase, progress);
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(work)) {
            await(done);
        }
    }

    private static <T> T await(Future<T> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a worker failed", e);
        }
    }

    /** What stays out of reach while every call of the tiers is answered is not out of reach, but missing. */
    private void checkUnavailable(PageStore store) {
        long before = unanswered(store);
        workers.forEach(Worker::askForUnavailable);
        long unavailable = workers.stream().mapToLong(Worker::stillUnavailable).sum();
        if (plan.acceptsLoss() && unavailable > 0 && unanswered(store) == before) {
            findings.add("L5: %d pages of pool %s stay unavailable although their tier answers"
                    .formatted(unavailable, persistent.name()));
        }
    }

    private long unanswered(PageStore store) {
        return store.stats().tiers().stream()
                .filter(tier -> tier.chain().equals(plan.persistent().chain()))
                .mapToLong(TierStats::unanswered)
                .sum();
    }

    private void checkPageCount() {
        long expected = workers.stream().mapToLong(Worker::persistentHeld).sum();
        long counted = persistent.pageCount();
        if (counted != expected) {
            findings.add(
                    "L5: pool %s counts %d pages and should hold %d".formatted(persistent.name(), counted, expected));
        }
    }

    /** Where losses are accepted, only of a tier that is configured to have some. */
    private void checkWhoLost(StoreStats end) {
        end.tiers().stream()
                .filter(tier -> plan.acceptsLoss()
                        && tier.chain().equals(plan.persistent().chain()))
                .filter(tier -> tier.lost() > 0 && !DemoPlan.isLossy(tier.tier().replaceFirst("#.*", "")))
                .forEach(tier -> findings.add(
                        "L5: tier %s lost %d persistent pages and may lose none".formatted(tier.tier(), tier.lost())));
    }
}
