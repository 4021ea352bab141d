package io.github.tmem.system;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.metrics.StoreMetrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;

/**
 * A program that works on a store until a round of operations allocates next to nothing, and prints what the best round
 * took. With the argument {@code metrics} the store has metrics attached.
 */
final class AllocationRun {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId NOBODY = ObjectId.of(2);
    private static final int PAGES = 512;
    private static final int ROUNDS_MAX = 600;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final byte[][] pages = new byte[PAGES][];
    private final byte[] buffer = new byte[4096];
    private final EphemeralPool pool;

    private AllocationRun(EphemeralPool pool) {
        this.pool = pool;
        for (int i = 0; i < PAGES; i++) {
            Shape shape = i % 8 == 0 ? Shape.SAME_FILLED : Shape.at(i % 2);
            pages[i] = Pages.make(new PageKey(FILE, i), 1, shape, buffer.length);
        }
    }

    /** Puts, gets, misses and flushes. Returns the number of operations. */
    private int work() {
        for (int i = 0; i < PAGES; i++) {
            pool.put(FILE, i, pages[i]);
        }
        for (int i = 0; i < PAGES; i++) {
            pool.get(FILE, i, buffer);
            pool.get(NOBODY, i, buffer);
        }
        for (int i = 0; i < PAGES; i += 2) {
            pool.flush(FILE, i);
        }
        return 3 * PAGES + PAGES / 2;
    }

    private void run() {
        long least = Long.MAX_VALUE;
        int operations = 1;
        for (int round = 0; round < ROUNDS_MAX && least >= operations; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            operations = work();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.printf("%d bytes, %d operations%n", least, operations);
    }

    public static void main(String[] arguments) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (PageStore store =
                PageStore.builder().heap("512KiB").offHeap("512KiB").open()) {
            if (arguments[0].equals("metrics")) {
                new StoreMetrics(store).bindTo(registry);
            }
            new AllocationRun(store.ephemeral("pool", GetMode.INCLUSIVE)).run();
            long samples = registry.find("tmem.latency").timers().stream()
                    .mapToLong(Timer::count)
                    .sum();
            System.out.printf("%d samples%n", samples);
        }
    }
}
