package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
    /** At one entry for a bucket, a part of 1/e of them is empty when hashes are good. */
    private static final double EMPTY_MAX = 0.4;

    @Test
    void entriesSpreadOverAllBucketsHoweverManyThereAre() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = new Buckets(entries, Hashing::mix, arena);
            for (int count = 1; count <= 5_000; count++) {
                int entry = entries.take();
                buckets.makeRoom();
                buckets.add(entry, Hashing.mix(entry));
                if (Integer.bitCount(count) == 1 && count >= 512) {
                    assertThat(buckets.bucketCount()).isEqualTo(count);
                    assertThat(emptyShare(buckets)).as("of %d buckets", count).isLessThan(EMPTY_MAX);
                }
            }
            assertThat(buckets.size()).isEqualTo(5_000);
        }
    }

    private static double emptyShare(Buckets buckets) {
        int empty = 0;
        for (int bucket = 0; bucket < buckets.bucketCount(); bucket++) {
            empty += buckets.firstOf(bucket) == EntryTable.NONE ? 1 : 0;
        }
        return (double) empty / buckets.bucketCount();
    }

    /** What could not grow is as it was, also for who looks without the lock, and grows when there is memory again. */
    @Test
    void nothingIsLostWhenThereIsNoMemoryToGrow() {
        AtomicBoolean exhausted = new AtomicBoolean();
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = new Buckets(entries, Hashing::mix, exhaustible(arena, exhausted));
            exhausted.set(true);
            List<Integer> here = new ArrayList<>();
            assertThatThrownBy(() -> addUntil(5_000, buckets, entries, here)).isInstanceOf(OutOfMemoryError.class);
            assertThat(here).hasSizeBetween(500, 4_999);
            assertThatThrownBy(buckets::makeRoom).isInstanceOf(OutOfMemoryError.class);
            assertThat(buckets.size()).isEqualTo(here.size());
            assertThat(buckets.lacks(unmarked(buckets), 0, -1))
                    .as("what is seen counts")
                    .isTrue();
            exhausted.set(false);
            addUntil(5_000, buckets, entries, here);
            assertThat(here)
                    .allSatisfy(entry -> assertThat(finds(buckets, entry)).isTrue());
        }
    }

    private static Arena exhaustible(Arena arena, AtomicBoolean exhausted) {
        return new Arena() {
            @Override
            public MemorySegment allocate(long bytes, long alignment) {
                if (exhausted.get()) {
                    throw new OutOfMemoryError("as the test wants it");
                }
                return arena.allocate(bytes, alignment);
            }

            @Override
            public MemorySegment.Scope scope() {
                return arena.scope();
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException("whose arena it is closes it");
            }
        };
    }

    private static void addUntil(int size, Buckets buckets, EntryTable entries, List<Integer> here) {
        while (here.size() < size) {
            buckets.makeRoom();
            int entry = entries.take();
            buckets.add(entry, Hashing.mix(entry));
            here.add(entry);
        }
    }

    private static boolean finds(Buckets buckets, int wanted) {
        int entry = buckets.first(Hashing.mix(wanted));
        while (entry != wanted && entry != EntryTable.NONE) {
            entry = buckets.next(entry);
        }
        return entry == wanted;
    }

    /** The hash of something whose mark its bucket does not have. */
    private static long unmarked(Buckets buckets) {
        return unmarked(buckets, 0);
    }

    private static long unmarked(Buckets buckets, int othersMin) {
        return LongStream.iterate(-1, absent -> absent - 1)
                .map(Hashing::mix)
                .filter(hash -> !buckets.isMarked(buckets.bucket(hash), hash))
                .filter(hash -> othersMin == 0 || buckets.firstOf(buckets.bucket(hash)) != EntryTable.NONE)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noEntryOfAnotherKeyIsLookedAtForWhatTheMarksDeny() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = new Buckets(entries, Hashing::mix, arena);
            addUntil(1_000, buckets, entries, new ArrayList<>());
            long absent = unmarked(buckets, 1);
            assertThat(buckets.first(absent)).isEqualTo(EntryTable.NONE);
            assertThat(buckets.glimpseFirst(absent)).isEqualTo(EntryTable.NONE);
        }
    }

    /** A table whose entries have their key's index from {@link #add}. */
    private static Buckets keyed(EntryTable entries, Arena arena) {
        return new Buckets(entries, entry -> Hashing.mix(entries.index(entry)), arena);
    }

    private static int add(Buckets buckets, EntryTable entries, long index) {
        int entry = entries.take();
        entries.key(entry, 0, index);
        buckets.makeRoom();
        buckets.add(entry, Hashing.mix(index));
        return entry;
    }

    private static void remove(Buckets buckets, EntryTable entries, int entry) {
        buckets.remove(entry, Hashing.mix(entries.index(entry)));
        entries.give(entry);
    }

    private static boolean lacks(Buckets buckets, long index) {
        return buckets.lacks(Hashing.mix(index), 0, index);
    }

    private static int sharers(Buckets buckets, EntryTable entries, long index) {
        int sharers = 0;
        int entry = buckets.firstOf(buckets.bucket(Hashing.mix(index)));
        while (entry != EntryTable.NONE) {
            sharers++;
            entry = entries.hashNext(entry);
        }
        return sharers;
    }

    @Test
    void whatIsHereIsNeverLackingAndAllElseIs() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = keyed(entries, arena);
            Random random = new Random(7);
            List<Integer> here = new ArrayList<>();
            for (int round = 0; round < 20_000; round++) {
                if (here.size() < 5_000) {
                    here.add(add(buckets, entries, round));
                } else {
                    int last = here.removeLast();
                    int entry = here.isEmpty() ? last : here.set(random.nextInt(here.size()), last);
                    remove(buckets, entries, entry);
                }
                if (round % 100 == 0) {
                    assertThat(here)
                            .allSatisfy(entry -> assertThat(lacks(buckets, entries.index(entry)))
                                    .isFalse());
                    assertThat(LongStream.rangeClosed(-100, -1)
                                    .filter(absent -> sharers(buckets, entries, absent) <= Buckets.GLIMPSES_MAX))
                            .hasSizeGreaterThan(90)
                            .allMatch(absent -> lacks(buckets, absent));
                }
            }
        }
    }

    @Test
    void thePageOfAnotherObjectIsLacking() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = keyed(entries, arena);
            add(buckets, entries, 5);
            assertThat(buckets.lacks(Hashing.mix(5), 0, 5)).isFalse();
            assertThat(buckets.lacks(Hashing.mix(5), 1, 5)).isTrue();
        }
    }

    @Test
    void whatStandsBehindManyOthersCannotBeTold() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            long sameForAll = 9;
            Buckets buckets = new Buckets(entries, entry -> sameForAll, arena);
            for (int count = 0; count <= Buckets.GLIMPSES_MAX; count++) {
                assertThat(buckets.lacks(sameForAll, 0, -1)).isTrue();
                int entry = entries.take();
                entries.key(entry, 0, count);
                buckets.add(entry, sameForAll);
            }
            assertThat(buckets.lacks(sameForAll, 0, -1)).isFalse();
            assertThat(buckets.lacks(sameForAll, 0, 0))
                    .as("the first that came")
                    .isFalse();
        }
    }

    /**
     * Of what is not there, the part for which entries have to be looked at: 0.071 by chance at one entry for a bucket, and
     * one mark in place of two would leave 0.117.
     */
    private static final double MARKED_MAX = 0.09;

    @Test
    void marksDenyMostOfWhatIsNotHereAtOneEntryForABucket() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = new Buckets(entries, Hashing::mix, arena);
            addUntil(20_000, buckets, entries, new ArrayList<>());
            long marked = LongStream.rangeClosed(1, 20_000)
                    .map(absent -> Hashing.mix(-absent))
                    .filter(hash -> buckets.isMarked(buckets.bucket(hash), hash))
                    .count();
            assertThat(marked / 20_000.0).isLessThan(MARKED_MAX);
        }
    }

    /** While one thread adds and removes others, growing the table, another looks for those that stay. */
    @Test
    void whatStaysIsNeverLackingWhileTheTableGrows() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = keyed(entries, arena);
            LongStream.range(0, STAYING).forEach(index -> add(buckets, entries, index));
            assertNeverLacking(buckets, () -> {
                for (int i = 0; i < 400_000; i++) {
                    int entry = add(buckets, entries, STAYING + i);
                    if (i % 3 == 0) {
                        remove(buckets, entries, entry);
                    }
                }
            });
        }
    }

    /** Each put of a key has a new entry, and at once the older one serves another key: perhaps at its place in the bucket. */
    @Test
    void whatGoesFromEntryToEntryIsNeverLacking() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable entries = new EntryTable(0, arena);
            Buckets buckets = keyed(entries, arena);
            int[] staying = new int[STAYING];
            Arrays.setAll(staying, index -> add(buckets, entries, index));
            Random random = new Random(3);
            assertNeverLacking(buckets, () -> {
                for (int i = 0; i < 2_000_000; i++) {
                    int index = random.nextInt(STAYING);
                    int older = staying[index];
                    staying[index] = add(buckets, entries, index);
                    remove(buckets, entries, older);
                }
            });
        }
    }

    private static final int STAYING = 300;

    /** Looks for the first indexes while somebody else, who has the lock, does the work. */
    private static void assertNeverLacking(Buckets buckets, Runnable work) {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int rounds = 0;
            while (!done.get()) {
                for (int index = 0; index < STAYING; index++) {
                    missed.addAndGet(lacks(buckets, index) ? 1 : 0);
                }
                rounds++;
            }
            return rounds;
        });
        work.run();
        done.set(true);
        assertThat(reader.join()).isPositive();
        assertThat(missed).hasValue(0);
    }
}
