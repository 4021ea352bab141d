package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

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
    void handsOutEveryEntryOnceAndNoMore() {
        try (EntryTable table = new EntryTable(3000)) {
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 3000; i++) {
                assertThat(taken.add(table.take())).isTrue();
            }
            assertThat(taken).doesNotContain(EntryTable.NONE);
            assertThat(table.take()).isEqualTo(EntryTable.NONE);
            table.give(17);
            assertThat(table.take()).isEqualTo(17);
            assertThat(table.take()).isEqualTo(EntryTable.NONE);
        }
    }

    @Test
    void fieldsOfNeighboursDoNotTouch() {
        try (EntryTable table = new EntryTable(2000)) {
            int[] entries = new int[2000];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = table.take();
                Place place = new Place();
                place.stored(i % 15, ~(long) i, i % 4, i * 500, -i);
                table.key(entries[i], i, -i, i + 1L);
                place.write(table, entries[i], 0);
                table.hashNext(entries[i], i + 2);
                table.queuePrevious(entries[i], i + 3);
                table.queueNext(entries[i], i + 4);
                table.objectPrevious(entries[i], i + 5);
                table.objectNext(entries[i], i + 6);
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
                assertThat(EntryDescriptor.length(meta)).isEqualTo(i * 500);
                assertThat(EntryDescriptor.state(meta)).isEqualTo(EntryState.STORED);
                assertThat(EntryDescriptor.standing(meta)).isZero();
                int standing = EntryDescriptor.withStanding(EntryDescriptor.hidden(meta), i % 8);
                assertThat(EntryDescriptor.standing(standing)).isEqualTo(i % 8);
                assertThat(EntryDescriptor.shown(EntryDescriptor.withStanding(standing, 0)))
                        .isEqualTo(meta);
                assertThat(table.hashNext(entry)).isEqualTo(i + 2);
                assertThat(table.queuePrevious(entry)).isEqualTo(i + 3);
                assertThat(table.queueNext(entry)).isEqualTo(i + 4);
                assertThat(table.objectPrevious(entry)).isEqualTo(i + 5);
                assertThat(table.objectNext(entry)).isEqualTo(i + 6);
            }
        }
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
        try (EntryTable table = new EntryTable(64);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Set<Integer> held = ConcurrentHashMap.newKeySet();
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
            for (int entry = table.take(); entry != EntryTable.NONE; entry = table.take()) {
                all.add(entry);
            }
            assertThat(all).hasSize(64);
        }
    }
}
