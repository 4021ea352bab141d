package io.github.tmem.bench.mixed;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.timing.StealMeter;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Fills a pool until pages are pushed out, and lets the workers work on it. A closed loop: each worker begins a step when it
 * has ended the one before. Used once.
 */
public final class MixedRun {
    /** Steps of each worker before anything is timed, for each slot. */
    private static final int WARMUPS_PER_SLOT = 8;

    /** The pages that fill the chain have indexes from here on, which no slot ever has. */
    private static final long FILL_FROM = Long.MAX_VALUE / 2;

    private final EphemeralPool pool;
    private final MixedPlan plan;
    private final Ticks ticks;
    private final Ground ground;
    private final List<Double> rates = new ArrayList<>();
    private volatile boolean stopped;

    /** Hears of the rate. */
    @FunctionalInterface
    public interface Ticks {
        /** So many steps a second since the last time, at this moment of the run. */
        void tick(Duration moment, double stepsPerSecond);
    }

    MixedRun(EphemeralPool pool, MixedPlan plan, Ticks ticks) {
        this.pool = pool;
        this.plan = plan;
        this.ticks = ticks;
        ground = new Ground(plan.slots(), plan.set());
    }

    /** Runs on a new chain of two tiers. */
    public static MixedResults run(MixedPlan plan, Ticks ticks) {
        TierConfig heap = TierConfig.of("heap", Size.ofBytes(plan.tierBytes()));
        TierConfig offHeap = TierConfig.of("offheap", Size.ofBytes(plan.tierBytes()));
        try (BenchStore store = BenchStore.open(PageSet.PAGE_SIZE, plan.tierBytes(), heap, offHeap)) {
            return new MixedRun(store.pool(), plan, ticks).run();
        }
    }

    /** Runs. */
    MixedResults run() {
        fill();
        List<Worker> workers = IntStream.range(0, Ground.WORKERS)
                .mapToObj(number -> new Worker(pool, ground, number))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Ground.WORKERS, Thread.ofPlatform().daemon().factory())) {
            CompletableFuture.allOf(start(workers, this::warmUp, threads)).join();
            long evicted = pool.stats().evicted();
            Garbage garbage = Garbage.now();
            StealMeter steal = StealMeter.start();
            long begun = System.nanoTime();
            CompletableFuture<?>[] running = start(workers, this::work, threads);
            try {
                watch(workers, CompletableFuture.anyOf(running));
            } finally {
                stopped = true;
            }
            CompletableFuture.allOf(running).join();
            Duration length = Duration.ofNanos(System.nanoTime() - begun);
            Latencies latencies = new Latencies();
            workers.forEach(worker -> latencies.add(worker.latencies()));
            return new MixedResults(
                    length,
                    latencies,
                    rates,
                    pool.stats().evicted() - evicted,
                    Garbage.now().since(garbage),
                    steal.percent(),
                    ground.wrong());
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static CompletableFuture<?>[] start(List<Worker> workers, Consumer<Worker> job, ExecutorService threads) {
        return workers.stream()
                .map(worker -> CompletableFuture.runAsync(() -> job.accept(worker), threads))
                .toArray(CompletableFuture<?>[]::new);
    }

    /** Puts pages that nobody asks for until the chain is full. */
    private void fill() {
        Keys objects = new Keys(Keys.OBJECTS);
        byte[] page = new byte[pool.pageSize()];
        for (int i = 0; pool.stats().evicted() == 0; i++) {
            ground.pages().fill(page, i, 0);
            pool.put(objects.object(i), FILL_FROM + i, page);
        }
    }

    private void warmUp(Worker worker) {
        for (long i = (long) WARMUPS_PER_SLOT * plan.slots(); i > 0; i--) {
            worker.step();
        }
        worker.latencies().clear();
    }

    private void work(Worker worker) {
        while (!stopped) {
            worker.step();
        }
    }

    /** Tells the rate now and then until the time is over, or a worker has failed. */
    private void watch(List<Worker> workers, CompletableFuture<?> failure) {
        long begun = System.nanoTime();
        long end = begun + plan.length().toNanos();
        long then = begun;
        long stepsThen = steps(workers);
        while (then < end && !failure.isDone()) {
            await(failure, Math.min(plan.tick().toNanos(), end - then));
            long now = System.nanoTime();
            long steps = steps(workers);
            double rate = (steps - stepsThen) * 1e9 / (now - then);
            rates.add(rate);
            ticks.tick(Duration.ofNanos(now - begun), rate);
            then = now;
            stepsThen = steps;
        }
    }

    private static long steps(List<Worker> workers) {
        return workers.stream().mapToLong(Worker::steps).sum();
    }

    private static void await(CompletableFuture<?> failure, long nanos) {
        try {
            failure.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException timeIsOver) {
            // as it should be
        } catch (ExecutionException failed) {
            // who joins the workers hears of it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
