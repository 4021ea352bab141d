package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.metrics.StoreMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Once compiled, operations allocate nothing on the Java heap: neither alone, nor with metrics attached. */
class AllocationTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId NOBODY = ObjectId.of(2);
    private static final int PAGES = 512;
    private static final int ROUNDS_MAX = 600;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final byte[][] pages = new byte[PAGES][];
    private final byte[] buffer = new byte[4096];

    AllocationTest() {
        for (int i = 0; i < PAGES; i++) {
            Shape shape = i % 8 == 0 ? Shape.SAME_FILLED : Shape.COMPRESSIBLE;
            pages[i] = Pages.make(new PageKey(FILE, i), 1, shape, buffer.length);
        }
    }

    /** Puts, gets, misses and flushes; a quarter of the pages is pushed down or out. Returns the number of operations. */
    private int work(EphemeralPool pool) {
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

    /** Works until a round allocates less than a byte for each operation, and fails if there is none. */
    private void assertNothingIsAllocated(PageStore store) {
        EphemeralPool pool = store.ephemeral("pool", GetMode.INCLUSIVE);
        long least = Long.MAX_VALUE;
        int operations = 1;
        for (int round = 0; round < ROUNDS_MAX && least >= operations; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            operations = work(pool);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for %d operations", operations).isLessThan(operations);
    }

    private static PageStore open() {
        return PageStore.builder().heap("1MiB").offHeap("1MiB").open();
    }

    @Test
    void operationsAllocateNothing() {
        try (PageStore store = open()) {
            assertNothingIsAllocated(store);
        }
    }

    @Test
    void operationsAllocateNothingWithMetricsAttached() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (PageStore store = open();
                StoreMetrics metrics = StoreMetrics.bind(store, registry)) {
            assertNothingIsAllocated(store);
            assertThat(registry.get("tmem.latency").timers().stream()
                            .mapToLong(timer -> timer.count())
                            .sum())
                    .isPositive();
            assertThat(metrics).isNotNull();
        }
    }

    @Test
    void anAllocationWouldBeSeen() {
        long before = threads.getCurrentThreadAllocatedBytes();
        byte[] allocated = new byte[100];
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isGreaterThanOrEqualTo(allocated.length);
    }
}
