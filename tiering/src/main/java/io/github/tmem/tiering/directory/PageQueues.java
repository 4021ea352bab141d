package io.github.tmem.tiering.directory;

import io.github.tmem.tiering.policy.PageClass;
import io.github.tmem.tiering.policy.Queues;
import java.util.Arrays;

/**
 * For each tier and class of a pool's pages in one shard the queue in order of arrival, from which victims are chosen.
 *
 * <p>A page that is on its way to another tier is hidden: it stands in a second queue, from which only those take victims
 * who must have the room (L9). Taking it is safe, because its mover looks a second time.
 *
 * <p>Guarded by the shard's lock.
 */
final class PageQueues implements Queues {
    /** The pseudo tier of entries without a copy. */
    static final int NO_TIER = 15;

    private static final int QUEUES_PER_TIER = 2 * PageClass.COUNT;

    private final EntryTable entries;
    private final long[] totalBytes = new long[PageClass.COUNT];
    private final int[] totalPages = new int[PageClass.COUNT];
    private int[] heads = new int[0];
    private int[] tails = new int[0];
    private int[] sizes = new int[0];
    private long[] bytes = new long[0];

    PageQueues(EntryTable entries) {
        this.entries = entries;
    }

    /** The queue of the pages at rest; {@link #NO_TIER} comes first, so that no more queues are kept than there are tiers. */
    private static int shown(int tier, PageClass pageClass) {
        return (tier + 1 & NO_TIER) * QUEUES_PER_TIER + pageClass.ordinal();
    }

    private static int hidden(int tier, PageClass pageClass) {
        return shown(tier, pageClass) + PageClass.COUNT;
    }

    private static int queueOf(int meta) {
        int tier = EntryDescriptor.tier(meta);
        PageClass pageClass = classOf(meta);
        return EntryDescriptor.isHidden(meta) ? hidden(tier, pageClass) : shown(tier, pageClass);
    }

    private static PageClass classOf(int meta) {
        return PageClass.of(EntryDescriptor.standing(meta, 0));
    }

    /** How many pages of a tier there are to choose from; a hint when the lock is not held. */
    int size(int tier, Choice choice) {
        int first = first(tier, choice);
        int[] counts = sizes;
        return at(counts, first) + at(counts, first + 1);
    }

    /** How many pages there are to choose from in all tiers; a hint when the lock is not held. */
    int size(Choice choice) {
        int[] counts = sizes;
        int sum = 0;
        int pair = choice == Choice.HIDDEN ? PageClass.COUNT : 0;
        for (int queue = pair; queue < counts.length; queue += QUEUES_PER_TIER) {
            sum += counts[queue] + counts[queue + 1];
        }
        return sum;
    }

    /** The bytes of the pages of a tier there are to choose from; of pages without a copy, their number. A hint when the lock is not held. */
    long bytes(int tier, Choice choice) {
        int first = first(tier, choice);
        long[] sums = bytes;
        return first + 1 < sums.length ? sums[first] + sums[first + 1] : 0;
    }

    /** The page of a tier that has been hidden longest of its class, or {@link EntryTable#NONE}. */
    int oldestHidden(int tier) {
        int newcomer = at(tails, hidden(tier, PageClass.NEWCOMER));
        return newcomer != EntryTable.NONE ? newcomer : at(tails, hidden(tier, PageClass.PROVEN));
    }

    private static int first(int tier, Choice choice) {
        return choice == Choice.HIDDEN ? hidden(tier, PageClass.NEWCOMER) : shown(tier, PageClass.NEWCOMER);
    }

    @Override
    public int oldest(int tier, PageClass pageClass) {
        assert entries.visits().note();
        return at(tails, shown(tier, pageClass));
    }

    private static int at(int[] values, int queue) {
        return queue < values.length ? values[queue] : 0;
    }

    @Override
    public int younger(int entry) {
        assert entries.visits().note();
        return entries.queuePrevious(entry);
    }

    @Override
    public long bytes(int tier, PageClass pageClass) {
        int queue = shown(tier, pageClass);
        return queue < bytes.length ? bytes[queue] : 0;
    }

    @Override
    public long totalBytes(PageClass pageClass) {
        return totalBytes[pageClass.ordinal()];
    }

    /** Bytes of all classes in all tiers. */
    long totalBytes() {
        return totalBytes(PageClass.NEWCOMER) + totalBytes(PageClass.PROVEN);
    }

    @Override
    public int totalPages(PageClass pageClass) {
        return totalPages[pageClass.ordinal()];
    }

    @Override
    public int length(int entry) {
        return EntryDescriptor.length(entries.meta(entry));
    }

    @Override
    public int standing(int entry) {
        return entries.standing(entry);
    }

    boolean isQueued(int entry) {
        return entries.queuePrevious(entry) != EntryTable.NOWHERE;
    }

    void prepare(int entry) {
        entries.queuePrevious(entry, EntryTable.NOWHERE);
    }

    /** Adds an entry to the queue that its tier, its class and its being hidden or not tell. */
    void add(int entry) {
        assert !isQueued(entry) : "queued twice";
        makeRoom(EntryDescriptor.tier(entries.meta(entry)));
        int queue = queueOf(entries.meta(entry));
        int head = heads[queue];
        entries.queuePrevious(entry, EntryTable.NONE);
        entries.queueNext(entry, head);
        if (head == EntryTable.NONE) {
            tails[queue] = entry;
        } else {
            entries.queuePrevious(head, entry);
        }
        heads[queue] = entry;
        count(entry, queue, 1);
    }

    /** Takes the memory that the queues of a tier need, unless they have it. */
    void makeRoom(int tier) {
        int queue = shown(tier, PageClass.of(0));
        if (queue >= heads.length) {
            int queues = (queue / QUEUES_PER_TIER + 1) * QUEUES_PER_TIER;
            tails = Arrays.copyOf(tails, queues);
            sizes = Arrays.copyOf(sizes, queues);
            bytes = Arrays.copyOf(bytes, queues);
            heads = Arrays.copyOf(heads, queues);
        }
    }

    /** Removes an entry from its queue, before its tier, class or length changes. */
    void remove(int entry) {
        assert isQueued(entry) : "removed twice";
        int queue = queueOf(entries.meta(entry));
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
        entries.queuePrevious(entry, EntryTable.NOWHERE);
        count(entry, queue, -1);
    }

    /** Notes that the length of a queued entry has changed; returns by how much. */
    int resize(int entry, int lengthBefore) {
        int meta = entries.meta(entry);
        int change = EntryDescriptor.length(meta) - lengthBefore;
        if (EntryDescriptor.tier(meta) != NO_TIER) {
            bytes[queueOf(meta)] += change;
            totalBytes[classOf(meta).ordinal()] += change;
        }
        return change;
    }

    private void count(int entry, int queue, int sign) {
        int meta = entries.meta(entry);
        int pageClass = classOf(meta).ordinal();
        int length = sign * EntryDescriptor.length(meta);
        sizes[queue] += sign;
        bytes[queue] += (long) sign * weight(meta);
        if (EntryDescriptor.tier(meta) != NO_TIER) {
            totalPages[pageClass] += sign;
            totalBytes[pageClass] += length;
        }
    }

    /** What a page weighs in its queue: its bytes; pages without a copy weigh the same as each other. */
    private static int weight(int meta) {
        return EntryDescriptor.tier(meta) == NO_TIER ? 1 : EntryDescriptor.length(meta);
    }

    @Override
    public void requeue(int entry, int standing) {
        remove(entry);
        entries.standing(entry, standing);
        add(entry);
    }

    /** Bytes of the arrays that hold the queues' ends. */
    long memoryBytes() {
        return (long) heads.length * (3 * Integer.BYTES + Long.BYTES);
    }

    /** Walks every queue and counts its entries; the sum, when all is well, is the number of queued entries. */
    int checkedTotal() {
        int total = 0;
        for (int queue = 0; queue < heads.length; queue++) {
            int count = 0;
            long length = 0;
            int last = EntryTable.NONE;
            for (int entry = heads[queue]; entry != EntryTable.NONE; entry = entries.queueNext(entry)) {
                Invariant.check(entries.queuePrevious(entry) == last, "queue %d is torn at entry %d", queue, entry);
                last = entry;
                length += weight(entries.meta(entry));
                count++;
            }
            boolean sound = last == tails[queue] && count == sizes[queue] && length == bytes[queue];
            Invariant.check(sound, "queue %d has a wrong end, size or length", queue, 0);
            total += count;
        }
        return total;
    }
}
