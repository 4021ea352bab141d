package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;

/**
 * For each tier and kind of one shard the queue of pages in order of arrival, from which victims are chosen: first in,
 * first out. This class is the place where another eviction policy goes.
 *
 * <p>A page that is on its way to another tier is hidden: it stands in a second queue, from which only those take victims
 * who must have the room (L9). Taking it is safe, because its mover looks a second time.
 *
 * <p>Guarded by the shard's lock.
 */
final class PageQueues {
    /** The pseudo tier of entries without a copy. */
    static final int NO_TIER = 15;

    /** In {@link EntryTable#queuePrevious}: the entry stands in no queue. */
    private static final int UNQUEUED = -1;

    private static final int SHOWN_QUEUES = (NO_TIER + 1) * 2;
    private static final int QUEUES = 2 * SHOWN_QUEUES;

    private final EntryTable entries;
    private final int[] heads = new int[QUEUES];
    private final int[] tails = new int[QUEUES];
    private final int[] sizes = new int[QUEUES];

    PageQueues(EntryTable entries) {
        this.entries = entries;
    }

    static int queue(int tier, PageKind kind) {
        return tier * 2 + kind.ordinal();
    }

    /** The queue of the hidden pages that belong to {@code queue}. */
    static int hidden(int queue) {
        return SHOWN_QUEUES + queue;
    }

    int size(int queue) {
        return sizes[queue];
    }

    /** The entry that arrived first, or {@link EntryTable#NONE}. */
    int oldest(int queue) {
        return tails[queue];
    }

    /** The entry that arrived after this one, or {@link EntryTable#NONE}. */
    int younger(int entry) {
        return entries.queuePrevious(entry);
    }

    boolean isQueued(int entry) {
        return entries.queuePrevious(entry) != UNQUEUED;
    }

    void prepare(int entry) {
        entries.queuePrevious(entry, UNQUEUED);
    }

    void addYoungest(int entry, int queue) {
        assert !isQueued(entry) : "queued twice";
        int head = heads[queue];
        entries.queuePrevious(entry, EntryTable.NONE);
        entries.queueNext(entry, head);
        if (head == EntryTable.NONE) {
            tails[queue] = entry;
        } else {
            entries.queuePrevious(head, entry);
        }
        heads[queue] = entry;
        sizes[queue]++;
    }

    void remove(int entry, int queue) {
        assert isQueued(entry) : "removed twice";
        int previous = entries.queuePrevious(entry);
        int next = entries.queueNext(entry);
        if (previous == EntryTable.NONE) {
            heads[queue] = next;
        } else {
            entries.queueNext(previous, next);
        }
        if (next == EntryTable.NONE) {
            tails[queue] = previous;
        } else {
            entries.queuePrevious(next, previous);
        }
        entries.queuePrevious(entry, UNQUEUED);
        sizes[queue]--;
    }

    /** Walks every queue and counts its entries; the sum, when all is well, is the number of queued entries. */
    int checkedTotal() {
        int total = 0;
        for (int queue = 0; queue < QUEUES; queue++) {
            int count = 0;
            int last = EntryTable.NONE;
            for (int entry = heads[queue]; entry != EntryTable.NONE; entry = entries.queueNext(entry)) {
                Invariant.check(entries.queuePrevious(entry) == last, "queue %d is torn at entry %d", queue, entry);
                last = entry;
                count++;
            }
            Invariant.check(
                    last == tails[queue] && count == sizes[queue], "queue %d has a wrong end or size", queue, 0);
            total += count;
        }
        return total;
    }
}
