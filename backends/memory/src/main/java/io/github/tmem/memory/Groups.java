package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import java.util.Arrays;

/**
 * What is kept about each group, which is one size class of one kind: the ends of its lists of slabs, and how many slots
 * and slabs it has.
 *
 * <p>One row more is for lists of slabs that are in no group's. What is kept about one group lies together, so that two threads
 * at work in different groups seldom want the same line of memory. A row is guarded by its group's {@link Stripe}, the last
 * one by the lock of the {@link SlabSupply}.
 */
final class Groups {
    /** The most lists in a row. A list is named by its row and its number there. */
    static final int LISTS = 5;

    private static final int ROW_BITS = 4;

    private static final int FIRST = 0;
    private static final int LAST = LISTS;
    private static final int FREE_SLOTS = 2 * LISTS;
    private static final int MOVING_SLOTS = FREE_SLOTS + 1;
    private static final int CUT_SLABS = MOVING_SLOTS + 1;
    private static final int CHUNKS_MAX = CUT_SLABS + 1;

    private final SizeClasses classes;
    private final int count;
    private final int[] slots;
    private final int[] slotBytes;
    private final int[] rows;

    Groups(SizeClasses classes) {
        this.classes = classes;
        count = PageKind.values().length * classes.count();
        slots = new int[count];
        slotBytes = new int[count];
        for (int group = 0; group < count; group++) {
            slots[group] = classes.slots(group % classes.count());
            slotBytes[group] = classes.slotBytes(group % classes.count());
        }
        rows = new int[(count + 1) << ROW_BITS];
        assert list(count, LISTS) <= Short.MAX_VALUE;
        for (int row = 0; row < rows.length; row += 1 << ROW_BITS) {
            Arrays.fill(rows, row, row + FREE_SLOTS, SlabTable.NONE);
        }
    }

    /** The number of groups, from 0. */
    int count() {
        return count;
    }

    int of(PageKind kind, int sizeClass) {
        return kind == PageKind.EPHEMERAL ? sizeClass : classes.count() + sizeClass;
    }

    /** The group of the chunks of long copies. */
    int ofChunks(PageKind kind) {
        return of(kind, classes.largest());
    }

    PageKind kind(int group) {
        return group < classes.count() ? PageKind.EPHEMERAL : PageKind.PERSISTENT;
    }

    /** The size of its slots in bytes. */
    int slotBytes(int group) {
        return slotBytes[group];
    }

    /** The number of slots in each of its slabs. */
    int slots(int group) {
        return slots[group];
    }

    /** The name of a list of a group, or of {@link #count()} for no group's; {@code number} from 0 to below {@link #LISTS}. */
    int list(int group, int number) {
        return (group << ROW_BITS) + number;
    }

    /** The slab that is in a list longest, or {@link SlabTable#NONE}. */
    int first(int list) {
        return rows[list + FIRST];
    }

    void setFirst(int list, int slab) {
        rows[list + FIRST] = slab;
    }

    /** The slab that came last to a list, or {@link SlabTable#NONE}. */
    int last(int list) {
        return rows[list + LAST];
    }

    void setLast(int list, int slab) {
        rows[list + LAST] = slab;
    }

    private int at(int group, int column) {
        return rows[(group << ROW_BITS) + column];
    }

    private void add(int group, int column, int more) {
        int index = (group << ROW_BITS) + column;
        rows[index] += more;
        assert rows[index] >= 0;
    }

    /** The free slots of listed slabs, but for those in the magazine. */
    int freeSlots(int group) {
        return at(group, FREE_SLOTS);
    }

    void addFreeSlots(int group, int more) {
        add(group, FREE_SLOTS, more);
    }

    /** The copies of slabs being moved, which will want some of the free slots. */
    int movingSlots(int group) {
        return at(group, MOVING_SLOTS);
    }

    void addMovingSlots(int group, int more) {
        add(group, MOVING_SLOTS, more);
    }

    void addCutSlabs(int group, int more) {
        add(group, CUT_SLABS, more);
    }

    /** The slots of all slabs that are cut up. */
    long slotsCut() {
        long sum = 0;
        for (int group = 0; group < count; group++) {
            sum += (long) at(group, CUT_SLABS) * slots[group];
        }
        return sum;
    }

    /** The most chunks a copy with chunks in this group ever had. */
    int chunksMax(int group) {
        return at(group, CHUNKS_MAX);
    }

    void noteChunks(int group, int chunks) {
        add(group, CHUNKS_MAX, Math.max(0, chunks - chunksMax(group)));
    }

    /** The bytes of these books, on the Java heap. */
    long bytes() {
        return (long) Integer.BYTES * rows.length;
    }
}
