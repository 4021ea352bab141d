package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
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
            empty += buckets.headOf(bucket) == EntryTable.NONE ? 1 : 0;
        }
        return (double) empty / buckets.bucketCount();
    }
}
