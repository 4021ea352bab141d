package io.github.tmem.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GhostTableTest {
    private static final int LANES = 8;
    private static final int PRINTS = 1 << 14;

    /** The same table made of lists, the newest lane of a bucket first. */
    private static final class Lists {
        private record Lane(int print, int tag) {}

        private List<List<Lane>> buckets = new ArrayList<>();

        private List<Lane> bucket(long hash) {
            double part = (hash >>> 32) / (double) (1L << 32);
            return buckets.get((int) (part * buckets.size()));
        }

        private static int print(long hash) {
            return Math.max(1, (int) Long.remainderUnsigned(hash, PRINTS));
        }

        int take(long hash) {
            if (!buckets.isEmpty()) {
                List<Lane> lanes = bucket(hash);
                for (Lane lane : lanes) {
                    if (lane.print() == print(hash)) {
                        lanes.remove(lane);
                        return lane.tag();
                    }
                }
            }
            return GhostTable.ABSENT;
        }

        void add(long hash, int tag) {
            take(hash);
            List<Lane> lanes = bucket(hash);
            lanes.addFirst(new Lane(print(hash), tag));
            if (lanes.size() > LANES) {
                lanes.removeLast();
            }
        }

        void holdAtLeast(int ghosts) {
            int wanted = Math.max(1, (int) Math.ceil(ghosts / (double) LANES));
            if (wanted > buckets.size()) {
                grow(Math.max(wanted, buckets.size() + buckets.size() / 8));
            }
        }

        private void grow(int count) {
            List<List<Lane>> grown = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                grown.add(newestOf(donors(i, count)));
            }
            buckets = grown;
        }

        /** The old buckets whose part of all hashes overlaps that of a new one. */
        private List<List<Lane>> donors(long bucket, long count) {
            List<List<Lane>> donors = new ArrayList<>();
            long olds = buckets.size();
            for (int old = 0; old < olds; old++) {
                if (old * count < (bucket + 1) * olds && bucket * olds < (old + 1) * count) {
                    donors.add(buckets.get(old));
                }
            }
            return donors;
        }

        private static List<Lane> newestOf(List<List<Lane>> donors) {
            List<Lane> newest = new ArrayList<>();
            for (int age = 0; age < LANES; age++) {
                for (List<Lane> donor : donors) {
                    if (age < donor.size() && newest.size() < LANES) {
                        newest.add(donor.get(age));
                    }
                }
            }
            return newest;
        }
    }

    /** A hash of a few buckets and a few prints, so that everything collides; prints of 0 and of all ones among them. */
    private static long collidingHash(Random random) {
        int[] lows = {0, 1, 2, 3, PRINTS, PRINTS / 2, PRINTS - 1, PRINTS - 2, -1, PRINTS / 2 - 1, PRINTS + 1, 0x2AAA};
        long low = lows[random.nextInt(lows.length)] & 0xFFFF_FFFFL;
        long high = random.nextBoolean() ? random.nextInt() : (long) random.nextInt(6) << 29;
        return high << 32 | low;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void answersAsListsDo(long seed) {
        Random random = new Random(seed);
        GhostTable table = new GhostTable();
        Lists lists = new Lists();
        int ghosts = 1;
        assertThat(table.take(0)).isEqualTo(GhostTable.ABSENT);
        for (int i = 0; i < 100_000; i++) {
            if (i % 2_500 == 0) {
                ghosts += random.nextInt(20);
                table.holdAtLeast(ghosts);
                lists.holdAtLeast(ghosts);
            }
            long hash = collidingHash(random);
            if (random.nextInt(5) < 3) {
                int tag = random.nextInt(4);
                table.add(hash, tag);
                lists.add(hash, tag);
            } else {
                assertThat(table.take(hash)).as("seed %d, step %d", seed, i).isEqualTo(lists.take(hash));
            }
        }
        assertThat(table.bytes()).isEqualTo(lists.buckets.size() * 16L);
        assertThat(lists.buckets).as("it grew several times").hasSizeGreaterThan(20);
    }

    /** It is asked in the middle of an eviction, which has to come to its end. */
    @Test
    void withoutMemoryToGrowItRemembersWhatItCan() {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        GhostTable table = new GhostTable(longs -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("as the test wants it");
            }
            return new long[longs];
        });
        table.holdAtLeast(LANES);
        table.add(1, 2);
        assertThat(table.take(1)).as("no memory at all").isEqualTo(GhostTable.ABSENT);
        exhausted.set(false);
        table.holdAtLeast(LANES);
        table.add(1, 2);
        exhausted.set(true);
        table.holdAtLeast(100 * LANES);
        table.add(2, 3);
        assertThat(table.bytes()).isEqualTo(16);
        assertThat(table.take(1)).isEqualTo(2);
        assertThat(table.take(2)).isEqualTo(3);
    }

    @Test
    void everyTagComesBackOnce() {
        GhostTable table = new GhostTable();
        table.holdAtLeast(LANES);
        for (long hash : new long[] {0, 1L << 14, 5, 5L << 20, -1, Long.MIN_VALUE}) {
            for (int tag = 0; tag < 4; tag++) {
                table.add(hash, tag);
                assertThat(table.take(hash)).isEqualTo(tag);
                assertThat(table.take(hash)).isEqualTo(GhostTable.ABSENT);
            }
        }
    }

    @Test
    void aKeyAddedAgainHasTheNewTagAndIsTheNewest() {
        GhostTable table = new GhostTable();
        table.holdAtLeast(LANES);
        for (int key = 1; key <= LANES; key++) {
            table.add(key, 0);
        }
        table.add(1, 3);
        for (int key = 11; key < 10 + LANES; key++) {
            table.add(key, 2); // all but one of the lanes
        }
        assertThat(table.take(1)).isEqualTo(3);
        assertThat(table.take(2)).isEqualTo(GhostTable.ABSENT);
    }

    @Test
    void growingKeepsWhatFits() {
        Random random = new Random(5);
        GhostTable table = new GhostTable();
        int buckets = 500;
        table.holdAtLeast(buckets * LANES);
        long[] hashes = new long[4 * buckets];
        for (int i = 0; i < hashes.length; i++) {
            long bucketStart = ((long) (i % buckets) << 32) / buckets + 1;
            hashes[i] = bucketStart << 32 | (random.nextInt() & 0x3FFF_C000L) | i + 1;
            table.add(hashes[i], i % 4);
        }
        table.holdAtLeast(buckets * LANES + 1); // by an eighth: nearly each new bucket overlaps two, of four lanes each
        assertThat(table.bytes()).isEqualTo((buckets + buckets / 8) * 16L);
        for (int i = 0; i < hashes.length; i++) {
            assertThat(table.take(hashes[i])).as("ghost %d", i).isEqualTo(i % 4);
        }
    }

    @Test
    void oneKeyInTwoThousandIsTakenForAnother() {
        Random random = new Random(11);
        GhostTable table = new GhostTable();
        int ghosts = 1 << 15;
        table.holdAtLeast(ghosts);
        for (int i = 0; i < 4 * ghosts; i++) {
            table.add(random.nextLong(), 0);
        }
        int questions = 400_000;
        int mistakes = 0;
        for (int i = 0; i < questions; i++) {
            if (table.take(random.nextLong()) != GhostTable.ABSENT) {
                mistakes++;
                table.add(random.nextLong(), 0); // as full as before
            }
        }
        // 8 lanes of 16,383 prints: 195 expected, standard deviation 14
        assertThat(mistakes).isBetween(questions / 2_048 - 80, questions / 2_048 + 80);
    }

    @Test
    void aGhostTakesTwoBytes() {
        assertThat(new GhostTable().bytes()).isZero();
        for (int ghosts : new int[] {0, 1, 7, 8, 9, 1000, 1001, 123_457}) {
            GhostTable table = new GhostTable();
            table.holdAtLeast(ghosts);
            assertThat(table.bytes()).isBetween(2L * ghosts, 2L * ghosts + 16);
            table.holdAtLeast(ghosts);
            table.holdAtLeast(0);
            assertThat(table.bytes()).isBetween(2L * ghosts, 2L * ghosts + 16);
        }
        GhostTable growing = new GhostTable();
        for (int ghosts = 1; ghosts < 20_000; ghosts++) {
            growing.holdAtLeast(ghosts);
            assertThat(growing.bytes()).isBetween(2L * ghosts, 2L * ghosts * 9 / 8 + 16);
        }
    }
}
