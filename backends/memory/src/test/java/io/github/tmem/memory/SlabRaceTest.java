package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SlabRaceTest {
    private static final int ROUNDS = 20_000;
    private static final List<ClaimGoal> GOALS = List.of(ClaimGoal.values());
    private static final Set<ClaimGoal> COMPACTIONS = EnumSet.of(ClaimGoal.COMPACTION, ClaimGoal.FULL_COMPACTION);

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(2 << 20, 16, 1 << 20), new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    private final AtomicBoolean working = new AtomicBoolean(true);

    @AfterEach
    void everythingAddsUp() {
        SlabAudit.check(backend);
        backend.close();
    }

    /** Runs the tasks at the same time, each on a thread of its own, and the last one until the others are done. */
    private void race(List<Callable<Void>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Void>> results = new ArrayList<>();
            for (Callable<Void> task : tasks) {
                results.add(threads.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            try {
                for (Future<Void> result : results.subList(0, results.size() - 1)) {
                    result.get();
                }
            } finally {
                working.set(false);
            }
            results.getLast().get();
        }
    }

    /** Puts, reads back and flushes copies of its own, of all lengths, until the end of its rounds. */
    private Callable<Void> ownCopies(int seed) {
        return () -> {
            Random random = new Random(seed);
            long[] locators = new long[400];
            int[] lengths = new int[locators.length];
            MemorySegment buffer = MemorySegment.ofArray(new byte[20_000]);
            for (int round = 0; round < ROUNDS; round++) {
                int i = random.nextInt(locators.length);
                if (lengths[i] > 0) {
                    assertThat(backend.get(locators[i], buffer, lengths[i])).isEqualTo(lengths[i]);
                    assertPattern(buffer, lengths[i], seed * 1000 + i);
                    assertThat(backend.flush(locators[i])).isEqualTo(Outcome.DONE);
                }
                int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 20_000 : 4096);
                fillPattern(buffer, length, seed * 1000 + i);
                PageKind kind = random.nextBoolean() ? PageKind.EPHEMERAL : PageKind.PERSISTENT;
                locators[i] = backend.put(1, kind, seed * 1000 + i, buffer, length);
                lengths[i] = locators[i] >= 0 ? length : 0;
            }
            return null;
        };
    }

    private static void fillPattern(MemorySegment buffer, int length, int owner) {
        byte[] bytes = (byte[]) buffer.heapBase().orElseThrow();
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (owner + 31 * i);
        }
    }

    private static void assertPattern(MemorySegment buffer, int length, int owner) {
        byte[] bytes = (byte[]) buffer.heapBase().orElseThrow();
        for (int i = 0; i < length; i++) {
            if (bytes[i] != (byte) (owner + 31 * i)) {
                throw new AssertionError("byte " + i + " of " + length + " of the copy of " + owner);
            }
        }
    }

    @Test
    void copiesOfManyThreadsStayApartAndWithinTheCapacity() throws Exception {
        race(List.of(ownCopies(1), ownCopies(2), ownCopies(3), ownCopies(4), () -> {
            while (working.get()) {
                Usage usage = backend.usage();
                assertThat(usage.encodedBytes()).isBetween(0L, usage.usedBytes());
                assertThat(usage.usedBytes()).isLessThanOrEqualTo(usage.capacityBytes());
                assertThat(backend.allocatedBytes()).isLessThanOrEqualTo(2 << 20);
            }
            return null;
        }));
    }

    @Test
    void claimsAmongPutsNeitherBlockNorLoseSlabs() throws Exception {
        race(List.of(ownCopies(1), ownCopies(2), claims(3), claims(4), claims(5)));
    }

    /** Claims room, and stores and flushes a copy there if nothing was in the way. */
    private Callable<Void> claims(int seed) {
        return () -> {
            Random random = new Random(seed);
            MemorySegment buffer = MemorySegment.ofArray(new byte[20_000]);
            for (int round = 0; working.get() && round < ROUNDS; round++) {
                ClaimGoal goal = GOALS.get(random.nextInt(GOALS.size()));
                int length = 1 + random.nextInt(20_000);
                try (Claim claim = backend.claim(goal, length)) {
                    if (claim != null && !COMPACTIONS.contains(goal)) {
                        PageKind kind = goal == ClaimGoal.PERSISTENT ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
                        useClaim(claim, kind, buffer, length, seed);
                    }
                }
            }
            return null;
        };
    }

    private void useClaim(Claim claim, PageKind kind, MemorySegment buffer, int length, int owner) {
        if (claim.copies(new long[8], new int[8]) > 0) {
            return;
        }
        fillPattern(buffer, length, owner);
        long locator = claim.put(1, kind, owner, buffer, length);
        assertThat(locator).isNotNegative();
        assertThat(backend.get(locator, buffer, length)).isEqualTo(length);
        assertPattern(buffer, length, owner);
        backend.flush(locator);
    }

    /**
     * A reader checks, after it has read, that stamp and locator are still the current ones, as the chain does: a locator
     * alone may come back after some dozens of puts.
     */
    @Test
    void whatPassesTheSecondLookIsRight() throws Exception {
        int keys = 16;
        AtomicLongArray current = new AtomicLongArray(keys);
        AtomicLongArray stamps = new AtomicLongArray(keys);
        MemorySegment first = MemorySegment.ofArray(new byte[9000]);
        for (int key = 0; key < keys; key++) {
            fillPattern(first, 9000, key);
            current.set(key, backend.put(1, PageKind.EPHEMERAL, key, first, lengthOf(key)));
        }
        race(List.of(reader(current, stamps, 1), reader(current, stamps, 2), replacer(current, stamps)));
    }

    private static int lengthOf(int key) {
        return key % 2 == 0 ? 2000 : 9000;
    }

    private Callable<Void> reader(AtomicLongArray current, AtomicLongArray stamps, int seed) {
        return () -> {
            Random random = new Random(seed);
            MemorySegment buffer = MemorySegment.ofArray(new byte[9000]);
            for (int round = 0; round < ROUNDS; round++) {
                int key = random.nextInt(current.length());
                long stamp = stamps.get(key);
                long locator = current.get(key);
                int result = backend.get(locator, buffer, lengthOf(key));
                if (current.get(key) == locator && stamps.get(key) == stamp) {
                    assertThat(result).isEqualTo(lengthOf(key));
                    assertPattern(buffer, lengthOf(key), key);
                }
            }
            return null;
        };
    }

    private Callable<Void> replacer(AtomicLongArray current, AtomicLongArray stamps) {
        return () -> {
            MemorySegment buffer = MemorySegment.ofArray(new byte[9000]);
            for (int key = 0; working.get(); key = (key + 1) % current.length()) {
                fillPattern(buffer, lengthOf(key), key);
                long locator = backend.put(1, PageKind.EPHEMERAL, key, buffer, lengthOf(key));
                long older = current.getAndSet(key, locator);
                stamps.incrementAndGet(key);
                backend.flush(older);
            }
            return null;
        };
    }
}
