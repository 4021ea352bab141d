package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.SamplePages;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.junit.jupiter.api.Test;

/**
 * Two threads do at least 1.7 times the work of one. The machine's own limit is measured beside it, in the same rounds:
 * two threads that run bare LZ4. Where that is below 2.0, because other work has the cores, the demand shrinks with it.
 */
class ScalingTest {
    private static final int PAGES = 16_384;
    private static final int ROUNDS = 9;
    private static final double WANTED = 1.7;
    private static final double BARE_LZ4 = 2.0;

    private final List<byte[]> pages = SamplePages.mixed(4096, 4096);

    private interface Work {
        void run(int thread, int threads);
    }

    private static double seconds(int threads, Work work) {
        long begin = System.nanoTime();
        new Race().with(threads, thread -> work.run(thread, threads)).run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double speedUp(Work work) {
        return seconds(1, work) / seconds(2, work);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void putAndGet(EphemeralPool pool, int thread, int threads) {
        byte[] buffer = new byte[4096];
        for (int i = thread; i < PAGES; i += threads) {
            pool.put(ObjectId.of(i & 63), i, pages.get(i % pages.size()));
        }
        for (int i = thread; i < PAGES; i += threads) {
            if (!pool.get(ObjectId.of(i & 63), i, buffer)) {
                throw new AssertionError("page " + i + " is missing");
            }
        }
    }

    private void bareLz4(int thread, int threads) {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        LZ4SafeDecompressor decompressor = factory.safeDecompressor();
        byte[] encoded = new byte[8192];
        byte[] decoded = new byte[4096];
        try (var compressor = factory.fastResetCompressor()) {
            for (int i = thread; i < PAGES; i += threads) {
                byte[] page = pages.get(i % pages.size());
                int length = compressor.compress(page, 0, page.length, encoded, 0, encoded.length);
                decompressor.decompress(encoded, 0, length, decoded, 0, decoded.length);
            }
        }
    }

    @Test
    void twoThreadsDoMoreThanOne() {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two cores");
        try (PageStore store = PageStore.builder().offHeap("256MiB").open()) {
            EphemeralPool pool = store.ephemeral("pages", GetMode.INCLUSIVE);
            double[] ours = new double[ROUNDS];
            double[] bare = new double[ROUNDS];
            for (int round = -3; round < ROUNDS; round++) {
                double our = speedUp((thread, threads) -> putAndGet(pool, thread, threads));
                double lz4 = speedUp(this::bareLz4);
                if (round >= 0) {
                    ours[round] = our;
                    bare[round] = lz4;
                }
            }
            System.out.printf(
                    "two threads: %.2f x, bare LZ4 %.2f x (medians of %d)%n", median(ours), median(bare), ROUNDS);
            assertThat(median(ours)).isGreaterThanOrEqualTo(WANTED * Math.min(1, median(bare) / BARE_LZ4));
        }
    }
}
