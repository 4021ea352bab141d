package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at the books at once, each at those of another group or all at those of one. */
@Timeout(120)
class StripesTest {
    private static final int THREADS = 4;

    private final SlabBackend backend = new SlabBackend(Geometry.of(1 << 20, 16, 1 << 19), new Medium.OnHeap());
    private final CopyBook book = new CopyBook(backend);

    @AfterEach
    void everythingAddsUp() {
        SlabAudit.check(backend);
        backend.close();
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                results.add(threads.submit(() -> {
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    /** Between the rounds nobody is at the books, and all of them have to agree. */
    @Test
    void theBooksAgreeAfterEachRound() throws Exception {
        CyclicBarrier rounds = new CyclicBarrier(THREADS, () -> SlabAudit.check(backend));
        together(thread -> {
            Random random = new Random(thread);
            MemorySegment bytes = MemorySegment.ofArray(new byte[9000]);
            List<Long> mine = new ArrayList<>();
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 500; i++) {
                    if (random.nextInt(100) == 0) {
                        claim(random);
                    } else if (mine.isEmpty() || random.nextBoolean()) {
                        int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 9000 : 1500);
                        PageKind kind = PageKind.values()[random.nextInt(2)];
                        long locator = backend.put(0, kind, thread, bytes, length);
                        assertThat(locator).isGreaterThanOrEqualTo(Outcome.FULL);
                        if (locator >= 0) {
                            mine.add(locator);
                        }
                    } else {
                        backend.flush(mine.remove(random.nextInt(mine.size())));
                    }
                }
                rounds.await();
            }
        });
    }

    private void claim(Random random) {
        ClaimGoal goal = ClaimGoal.values()[random.nextInt(ClaimGoal.values().length)];
        try (Claim claim = backend.claim(goal, 1 + random.nextInt(9000))) {
            if (claim != null) {
                claim.copies(new long[4], new int[4]);
            }
        }
    }

    /**
     * Each thread frees a slot before it wants one, of its class or of the next, so there is always one. It may be in the
     * other class whenever a thread looks into the first.
     */
    @Test
    void noPutIsRefusedWhileThereIsASlot() throws Exception {
        SizeClasses classes = backend.copies().classes();
        int small = classes.slotBytes(classes.classOf(1000));
        int large = classes.slotBytes(classes.classOf(1000) + 1);
        assertThat(large).isLessThanOrEqualTo(small + small / 8);
        for (int i = 0; i < 16; i++) {
            book.put(PageKind.PERSISTENT, large);
        }
        book.fill(PageKind.PERSISTENT, small);
        List<CopyBook.Copy> copies = book.all();
        long[] ends = new long[THREADS];
        together(thread -> {
            MemorySegment bytes = MemorySegment.ofArray(new byte[small]);
            // Its first copy is in a large slot.
            long[] mine = {
                copies.get(thread).locator(),
                copies.get(copies.size() - 1 - thread).locator()
            };
            for (int round = 0; round < 100_000; round++) {
                backend.flush(mine[round % 2]);
                mine[round % 2] = backend.put(0, PageKind.PERSISTENT, thread, bytes, small);
                assertThat(mine[round % 2]).as("round %d", round).isNotNegative();
            }
            ends[thread] = mine[0];
        });
        assertThat(ends).doesNotHaveDuplicates();
    }
}
