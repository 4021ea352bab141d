package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.tiering.policy.PageClass;
import io.github.tmem.tiering.policy.Standing;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the queues of a shard count, by tier, class and choice. */
class PageQueuesTest {
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void totalsCountPagesOfAllTiersWithACopy() {
        Random random = new Random(9);
        EntryTable table = new EntryTable(0, arena);
        PageQueues queues = new PageQueues(table);
        Set<Integer> queued = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            if (queued.size() < 50) {
                int entry = table.take();
                queues.prepare(entry);
                table.meta(entry, randomMeta(random));
                queues.add(entry);
                queued.add(entry);
            } else {
                List<Integer> all = List.copyOf(queued);
                int entry = all.get(random.nextInt(all.size()));
                change(random, table, queues, entry);
                if (random.nextInt(5) == 0) {
                    queues.remove(entry);
                    queued.remove(entry);
                    table.give(entry);
                }
            }
        }
        for (PageClass pageClass : PageClass.values()) {
            List<Integer> counted = queued.stream()
                    .filter(entry -> PageClass.of(queues.standing(entry)) == pageClass)
                    .filter(entry -> EntryDescriptor.tier(table.meta(entry)) != PageQueues.NO_TIER)
                    .toList();
            assertThat(queues.totalPages(pageClass)).isEqualTo(counted.size());
            assertThat(queues.totalBytes(pageClass))
                    .isEqualTo(counted.stream().mapToLong(queues::length).sum());
        }
        for (int tier : new int[] {0, 1, 2, 3, PageQueues.NO_TIER}) {
            checkChoices(table, queues, queued, tier);
        }
        assertThat(queues.size(Choice.RESTING) + queues.size(Choice.HIDDEN)).isEqualTo(queued.size());
        assertThat(queues.size(Choice.HIDDEN))
                .isEqualTo(queued.stream()
                        .filter(entry -> EntryDescriptor.isHidden(table.meta(entry)))
                        .count());
        assertThat(queues.checkedTotal()).isEqualTo(queued.size());
    }

    private static void checkChoices(EntryTable table, PageQueues queues, Set<Integer> queued, int tier) {
        for (Choice choice : Choice.values()) {
            List<Integer> there = queued.stream()
                    .filter(entry -> EntryDescriptor.tier(table.meta(entry)) == tier)
                    .filter(entry -> EntryDescriptor.isHidden(table.meta(entry)) == (choice == Choice.HIDDEN))
                    .toList();
            assertThat(queues.size(tier, choice)).isEqualTo(there.size());
            assertThat(queues.bytes(tier, choice))
                    .isEqualTo(there.stream()
                            .mapToLong(entry -> tier == PageQueues.NO_TIER ? 1 : queues.length(entry))
                            .sum());
        }
    }

    @Test
    void queuesThatWereNeverUsedAreEmpty() {
        EntryTable table = new EntryTable(0, arena);
        PageQueues queues = new PageQueues(table);
        int entry = table.take();
        queues.prepare(entry);
        table.meta(entry, EntryDescriptor.meta(EntryState.STORED, 0, 0, 100));
        queues.add(entry);
        for (PageClass pageClass : PageClass.values()) {
            assertThat(queues.bytes(1, pageClass)).isZero();
            assertThat(queues.oldest(1, pageClass)).isEqualTo(EntryTable.NONE);
        }
        assertThat(queues.bytes(0, PageClass.NEWCOMER)).isEqualTo(100);
    }

    private static int randomMeta(Random random) {
        int tier = random.nextInt(4);
        int meta = EntryDescriptor.meta(
                EntryState.STORED, tier == 3 ? PageQueues.NO_TIER : tier, 0, random.nextInt(4_000));
        meta = EntryDescriptor.withStanding(meta, random.nextBoolean() ? Standing.proven(0) : Standing.NEWCOMER);
        return random.nextBoolean() ? EntryDescriptor.hidden(meta) : meta;
    }

    private static void change(Random random, EntryTable table, PageQueues queues, int entry) {
        int before = table.meta(entry);
        if (random.nextBoolean()) {
            int length = EntryDescriptor.length(before);
            int longer = random.nextInt(4_000);
            table.meta(entry, before - length + longer);
            queues.resize(entry, length);
        } else {
            queues.requeue(entry, random.nextBoolean() ? Standing.proven(1) : Standing.NEWCOMER);
        }
    }
}
