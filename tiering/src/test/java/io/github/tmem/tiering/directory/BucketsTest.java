package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BucketsTest {
    /** At one entry for a bucket, a part of 1/e of them is empty when hashes are good. */
    private static final double EMPTY_MAX = 0.4;

    @Test
    void entriesSpreadOverAllBucketsHoweverManyThereAre() {
        try (EntryTable entries = new EntryTable(0);
                Arena arena = Arena.ofShared()) {
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

    /** Of what is not there, the part that a search still has to look for; by chance one in eight at a load of 1. */
    private static final double UNSURE_MAX = 0.2;

    @Test
    void whatIsHereIsNeverLackingAndMostOfWhatIsNotIs() {
        try (EntryTable entries = new EntryTable(0);
                Arena arena = Arena.ofShared()) {
            Buckets buckets = new Buckets(entries, Hashing::mix, arena);
            Random random = new Random(7);
            List<Integer> here = new ArrayList<>();
            for (int round = 0; round < 20_000; round++) {
                if (here.size() < 5_000) {
                    int entry = entries.take();
                    buckets.makeRoom();
                    buckets.add(entry, Hashing.mix(entry));
                    here.add(entry);
                } else {
                    int last = here.removeLast();
                    int entry = here.isEmpty() ? last : here.set(random.nextInt(here.size()), last);
                    buckets.remove(entry, Hashing.mix(entry));
                    entries.give(entry);
                }
                if (round % 100 == 0) {
                    assertThat(here)
                            .allSatisfy(entry -> assertThat(buckets.lacks(Hashing.mix(entry)))
                                    .isFalse());
                }
            }
            int unsure = 0;
            for (int absent = -1; absent >= -10_000; absent--) {
                unsure += buckets.lacks(Hashing.mix(absent)) ? 0 : 1;
            }
            assertThat(unsure / 10_000.0).isLessThan(UNSURE_MAX);
        }
    }

    /** While one thread adds and removes others, growing the table, another looks for those that stay. */
    @Test
    void whatStaysIsNeverLackingWhileTheTableGrows() {
        try (EntryTable entries = new EntryTable(0);
                Arena arena = Arena.ofShared()) {
            Buckets buckets = new Buckets(entries, Hashing::mix, arena);
            int[] staying = new int[300];
            for (int i = 0; i < staying.length; i++) {
                staying[i] = entries.take();
                buckets.makeRoom();
                buckets.add(staying[i], Hashing.mix(staying[i]));
            }
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger missed = new AtomicInteger();
            CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
                int rounds = 0;
                while (!done.get()) {
                    for (int entry : staying) {
                        missed.addAndGet(buckets.lacks(Hashing.mix(entry)) ? 1 : 0);
                    }
                    rounds++;
                }
                return rounds;
            });
            for (int i = 0; i < 400_000; i++) {
                int entry = entries.take();
                buckets.makeRoom();
                buckets.add(entry, Hashing.mix(entry));
                if (i % 3 == 0) {
                    buckets.remove(entry, Hashing.mix(entry));
                    entries.give(entry);
                }
            }
            done.set(true);
            assertThat(reader.join()).isPositive();
            assertThat(missed).hasValue(0);
        }
    }
}
