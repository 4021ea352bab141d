package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.tiering.policy.Standing;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class EntryTableTest {
    @Test
    void handsOutEveryEntryOnce() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable table = new EntryTable(63, arena);
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 10_000; i++) {
                int entry = table.take();
                assertThat(taken.add(entry)).isTrue();
                assertThat(EntryTable.shardOf(entry)).isEqualTo(63);
                assertThat(table.owns(entry)).isTrue();
            }
            assertThat(taken).doesNotContain(EntryTable.NONE);
            int seventeenth = (63 << 24) + 17;
            table.give(seventeenth);
            assertThat(table.take()).isEqualTo(seventeenth);
            assertThat(taken).doesNotContain(table.take());
        }
    }

    @Test
    void takesNoMoreThanAQuarterBeyondWhatItsEntriesTake() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable table = new EntryTable(0, arena);
            int firstChunk = 256;
            for (int taken = 1; taken <= 20_000; taken++) {
                table.take();
                long needed = (long) taken * EntryDescriptor.BYTES;
                assertThat(table.bytes())
                        .isBetween(needed, needed + Math.max(needed / 4, (long) firstChunk * EntryDescriptor.BYTES));
            }
        }
    }

    @Test
    void ownsOnlyWhatItHandedOut() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable table = new EntryTable(2, arena);
            int entry = table.take();
            assertThat(table.owns(entry)).isTrue();
            assertThat(table.owns(entry + 1)).isFalse();
            assertThat(table.owns(entry - 1)).isFalse();
            assertThat(table.owns(entry + (1 << 24))).isFalse();
            assertThat(table.owns(EntryTable.NONE)).isFalse();
            assertThat(table.owns(-entry)).isFalse();
        }
    }

    @Test
    void fieldsOfNeighboursDoNotTouch() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable table = new EntryTable(3, arena);
            int[] entries = new int[10_000];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = table.take();
                Place place = new Place();
                place.stored(i % 15, ~(long) i, i % 4, i * 200, -i);
                table.key(entries[i], i, -i);
                table.stamp(entries[i], i + 1L);
                place.write(table, entries[i], i % 8);
                table.hashNext(entries[i], linkTo(i + 2));
                table.queuePrevious(entries[i], EntryTable.NOWHERE);
                table.queueNext(entries[i], EntryTable.NONE);
                table.objectPrevious(entries[i], linkTo(EntryTable.ENTRIES_MAX - i));
                table.objectNext(entries[i], linkTo(i + 6));
            }
            for (int i = 0; i < entries.length; i++) {
                int entry = entries[i];
                assertThat(table.object(entry)).isEqualTo(i);
                assertThat(table.index(entry)).isEqualTo(-i);
                assertThat(table.stamp(entry)).isEqualTo(i + 1L);
                assertThat(table.locator(entry)).isEqualTo(~(long) i);
                assertThat(table.crc(entry)).isEqualTo(-i);
                int meta = table.meta(entry);
                assertThat(EntryDescriptor.tier(meta)).isEqualTo(i % 15);
                assertThat(EntryDescriptor.codec(meta)).isEqualTo(i % 4);
                assertThat(EntryDescriptor.length(meta)).isEqualTo(i * 200);
                assertThat(EntryDescriptor.state(meta)).isEqualTo(EntryState.STORED);
                assertThat(table.standing(entry)).isEqualTo(i % 8);
                int proven = EntryDescriptor.withStanding(EntryDescriptor.hidden(meta), Standing.proven(0));
                assertThat(EntryDescriptor.standing(proven, 2)).isEqualTo(Standing.proven(2));
                assertThat(EntryDescriptor.withStanding(EntryDescriptor.shown(proven), Standing.NEWCOMER))
                        .isEqualTo(EntryDescriptor.withStanding(meta, Standing.NEWCOMER));
                assertThat(table.hashNext(entry)).isEqualTo(linkTo(i + 2));
                assertThat(table.queuePrevious(entry)).isEqualTo(EntryTable.NOWHERE);
                assertThat(table.queueNext(entry)).isEqualTo(EntryTable.NONE);
                assertThat(table.objectPrevious(entry)).isEqualTo(linkTo(EntryTable.ENTRIES_MAX - i));
                assertThat(table.objectNext(entry)).isEqualTo(linkTo(i + 6));
            }
        }
    }

    @Test
    void stampAndCreditOfAnEntryDoNotTouch() {
        try (Arena arena = Arena.ofShared()) {
            EntryTable table = new EntryTable(1, arena);
            int entry = table.take();
            long highest = (1L << 56) - 1;
            table.credit(entry, Standing.CREDIT_MAX);
            table.stamp(entry, highest);
            assertThat(table.stamp(entry)).isEqualTo(highest);
            assertThat(table.credit(entry)).isEqualTo(Standing.CREDIT_MAX);
            table.credit(entry, 1);
            assertThat(table.stamp(entry)).isEqualTo(highest);
            table.clearStamp(entry);
            assertThat(table.stamp(entry)).isZero();
            assertThat(table.credit(entry)).isOne();
            table.standing(entry, Standing.proven(2));
            assertThat(table.standing(entry)).isEqualTo(Standing.proven(2));
            assertThat(table.stamp(entry)).isZero();
        }
    }

    private static int linkTo(int number) {
        return (3 << 24) + number;
    }

    @Test
    void longestPageFitsTheLengthField() {
        int meta = EntryDescriptor.meta(EntryState.STORED, 15, 3, 1 << 20);
        assertThat(EntryDescriptor.length(meta)).isEqualTo(1 << 20);
        assertThat(EntryDescriptor.tier(meta)).isEqualTo(15);
        assertThat(EntryDescriptor.codec(meta)).isEqualTo(3);
        assertThat(EntryDescriptor.state(meta)).isEqualTo(EntryState.STORED);
    }

    @Test
    void racingThreadsNeverHoldTheSameEntry() throws Exception {
        int threads = 4;
        try (Arena arena = Arena.ofShared();
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            EntryTable table = new EntryTable(0, arena);
            Set<Integer> held = ConcurrentHashMap.newKeySet();
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            CyclicBarrier start = new CyclicBarrier(threads);
            Future<?>[] runs = new Future<?>[threads];
            for (int t = 0; t < threads; t++) {
                runs[t] = pool.submit(() -> {
                    start.await();
                    ArrayDeque<Integer> mine = new ArrayDeque<>();
                    for (int i = 0; i < 200_000; i++) {
                        int entry = mine.size() < 20 ? table.take() : EntryTable.NONE;
                        if (entry != EntryTable.NONE) {
                            assertThat(held.add(entry)).isTrue();
                            mine.add(entry);
                            seen.add(entry);
                        } else if (!mine.isEmpty()) {
                            int back = mine.remove();
                            held.remove(back);
                            table.give(back);
                        }
                    }
                    mine.forEach(entry -> {
                        held.remove(entry);
                        table.give(entry);
                    });
                    return null;
                });
            }
            for (Future<?> run : runs) {
                run.get();
            }
            Set<Integer> all = new HashSet<>();
            for (int i = 0; i < seen.size(); i++) {
                all.add(table.take());
            }
            assertThat(all).as("nothing leaked").isEqualTo(seen);
            assertThat(seen.size()).isBetween(20, 80);
        }
    }
}
