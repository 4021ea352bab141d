package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at the books at once, each at those of another group or all at those of one. */
@Timeout(120)
class StripesTest {
    private static final int THREADS = 4;

    private static final int CAPACITY = 1 << 20;

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(CAPACITY, 16, CAPACITY / 2),
            new Medium.OnHeap(),
            SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    private final AtomicInteger claimed = new AtomicInteger();
    private final CopyBook book = new CopyBook(backend);

    @AfterEach
    void everythingAddsUp() {
        SlabAudit.check(backend);
        backend.close();
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(int count, Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
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
        together(THREADS, thread -> {
            Random random = new Random(thread);
            MemorySegment bytes = MemorySegment.ofArray(new byte[9000]);
            List<Long> mine = new ArrayList<>();
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 500; i++) {
                    if (thread == 0 && i % 100 == 50) {
                        backend.resize(CAPACITY / (1 + random.nextInt(2)));
                    } else if (random.nextInt(100) == 0) {
                        claim(random, bytes, mine);
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
        assertThat(claimed).hasPositiveValue();
    }

    /** All copies are in two groups of one stripe, while others claim, shrink and ask for sums. */
    @Test
    void theBooksAgreeAfterEachRoundThroughMagazines() throws Exception {
        SizeClasses classes = backend.copies().classes();
        int sizeClass = classes.classOf(150);
        int[] lengths = {classes.slotBytes(sizeClass), classes.slotBytes(sizeClass + Stripes.COUNT)};
        CyclicBarrier rounds = new CyclicBarrier(THREADS, () -> SlabAudit.check(backend));
        AtomicInteger reused = new AtomicInteger();
        together(THREADS, thread -> {
            Random random = new Random(thread);
            MemorySegment bytes = MemorySegment.ofArray(new byte[9000]);
            List<Long> mine = new ArrayList<>();
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 1000; i++) {
                    if (thread == 0 && i % 100 == 50) {
                        backend.resize(CAPACITY / (1 + random.nextInt(2)));
                    } else if (thread == 1 && random.nextInt(50) == 0) {
                        claim(random, bytes, mine);
                    } else if (mine.size() < 300 || random.nextBoolean()) {
                        int length = lengths[random.nextInt(2)];
                        long locator = backend.put(0, PageKind.EPHEMERAL, thread, bytes, length);
                        assertThat(locator).isGreaterThanOrEqualTo(Outcome.FULL);
                        if (locator >= 0) {
                            mine.add(locator);
                        }
                    } else {
                        long freed = mine.remove(random.nextInt(mine.size()));
                        backend.flush(freed);
                        long next = backend.put(0, PageKind.EPHEMERAL, thread, bytes, lengths[random.nextInt(2)]);
                        if (next >= 0) {
                            mine.add(next);
                            reused.addAndGet(Locator.place(next) == Locator.place(freed) ? 1 : 0);
                        }
                    }
                }
                rounds.await();
            }
        });
        assertThat(reused).as("slots freed last and taken first").hasValueGreaterThan(1000);
    }

    /** Claims something, and uses it for a copy if it is room and nothing is in the way. */
    private void claim(Random random, MemorySegment bytes, List<Long> mine) {
        ClaimGoal goal = ClaimGoal.values()[random.nextInt(ClaimGoal.values().length)];
        int length = 1 + random.nextInt(9000);
        try (Claim claim = backend.claim(goal, length)) {
            boolean isRoom = goal == ClaimGoal.PERSISTENT || goal == ClaimGoal.EPHEMERAL;
            if (claim != null && claim.copies(new long[4], new int[4]) == 0 && isRoom) {
                PageKind kind = goal == ClaimGoal.PERSISTENT ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
                long locator = claim.put(0, kind, 0, bytes, length);
                assertThat(locator).isGreaterThanOrEqualTo(Outcome.FULL);
                if (locator >= 0) {
                    claimed.incrementAndGet();
                    mine.add(locator);
                }
            }
        }
    }

    /**
     * A slab empties while a put looks for room: it may have looked for a free slab too early and comes too late to that
     * one's slots, which would have done as well.
     */
    @Test
    void noPutIsRefusedWhileThereIsRoom() throws Exception {
        int length = 1000;
        int longer = 1100;
        SizeClasses classes = backend.copies().classes();
        long last = book.put(PageKind.PERSISTENT, longer);
        for (int i = 0;
                i < classes.slots(classes.classOf(length)) * (backend.geometry().slabs() - 1);
                i++) {
            assertThat(book.put(PageKind.PERSISTENT, length)).isNotNegative();
        }
        Groups groups = backend.copies().pool().groups();
        Stripes stripes = backend.copies().stripes();
        Stripe ofLonger = stripes.of(groups.of(PageKind.PERSISTENT, classes.classOf(longer)));
        assertThat(ofLonger).isNotSameAs(stripes.of(groups.of(PageKind.PERSISTENT, classes.classOf(length))));
        CyclicBarrier meet = new CyclicBarrier(2);
        AtomicReference<Thread> putting = new AtomicReference<>();
        together(2, thread -> {
            if (thread == 0) {
                ofLonger.lock();
                try {
                    meet.await();
                    while (LockSupport.getBlocker(putting.get()) != ofLonger) {
                        Thread.onSpinWait();
                    }
                    ofLonger.end(longer); // as a flush does with the stripe
                    backend.copies().pool().giveSingle(Locator.place(last));
                } finally {
                    ofLonger.unlock();
                }
            } else {
                putting.set(Thread.currentThread());
                meet.await();
                MemorySegment bytes = MemorySegment.ofArray(new byte[length]);
                assertThat(backend.put(0, PageKind.PERSISTENT, 1, bytes, length))
                        .isNotNegative();
            }
        });
    }
}
