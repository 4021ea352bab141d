package io.github.tmem.system;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.metrics.StoreMetrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;

/**
 * A program that works on a store, whose pages are encoded again when they go down, until a round of operations allocates next to nothing, and prints what the best round
 * took. With the argument {@code metrics} the store has metrics attached, with {@code values} the operations are those of a
 * blob pool.
 */
final class AllocationRun {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId NOBODY = ObjectId.of(2);
    private static final int PAGES = 512;
    private static final int ROUNDS_MAX = 600;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final byte[][] pages = new byte[PAGES][];
    private final byte[] buffer = new byte[4096];
    private final MemorySegment value = MemorySegment.ofArray(buffer);
    private final MemorySegment[] values = new MemorySegment[PAGES];

    private AllocationRun() {
        for (int i = 0; i < PAGES; i++) {
            Shape shape = i % 8 == 0 ? Shape.SAME_FILLED : Shape.at(i % 2);
            pages[i] = Pages.make(new PageKey(FILE, i), 1, shape, buffer.length);
            values[i] = MemorySegment.ofArray(pages[i]).asSlice(0, 2L * i);
        }
    }

    /** Puts, gets, misses and flushes. Returns the number of operations. */
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

    /** The same with values of both kinds, in a chain with room: a persistent page that pushes out others needs a claim. */
    private int work(BlobPool pool) {
        for (int i = 0; i < PAGES; i++) {
            pool.put(FILE, i, values[i], i % 4 < 2 ? PageKind.PERSISTENT : PageKind.EPHEMERAL);
        }
        for (int i = 0; i < PAGES; i++) {
            pool.get(FILE, i, value);
            pool.get(NOBODY, i, value);
        }
        for (int i = 0; i < PAGES; i += 2) {
            if (i % 16 == 8) {
                pool.take(FILE, i, value);
            } else {
                pool.flush(FILE, i);
            }
        }
        return 3 * PAGES + PAGES / 2;
    }

    private void run(IntSupplier work) {
        long least = Long.MAX_VALUE;
        int operations = 1;
        for (int round = 0; round < ROUNDS_MAX && least >= operations; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            operations = work.getAsInt();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.printf("%d bytes, %d operations%n", least, operations);
    }

    public static void main(String[] arguments) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (PageStore store = PageStore.builder()
                .heap("512KiB")
                .tier(TierConfig.of("offheap", Size.parse("512KiB")).withCodec("zstd"))
                .open()) {
            if (arguments[0].equals("metrics")) {
                new StoreMetrics(store).bindTo(registry);
            }
            AllocationRun run = new AllocationRun();
            if (arguments[0].equals("values")) {
                BlobPool pool = store.blobs("values");
                run.run(() -> run.work(pool));
            } else {
                EphemeralPool pool = store.ephemeral("pool", GetMode.INCLUSIVE);
                run.run(() -> run.work(pool));
            }
            long samples = registry.find("tmem.latency").timers().stream()
                    .mapToLong(Timer::count)
                    .sum();
            System.out.printf("%d samples%n", samples);
        }
    }
}
