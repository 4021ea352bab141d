package io.github.tmem.memory;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What is kept about each slab: what it is cut into, how many of its slots are taken, and the list it is in.
 *
 * <p>A slab is in exactly one of these states:
 *
 * <pre>
 *   group   use         list
 *   none    LISTED      free slabs; or none, if it was never used or given back
 *   some    LISTED      the group's list for its level: how full it is in quarters, and a last one for full
 *   some    BEYOND      slabs beyond the capacity, whose copies have to leave
 *   some    MOVING      none: claimed, its copies are to move to other slabs
 *   any     HELD        none: claimed otherwise
 * </pre>
 *
 * <p>Lists are in order of arrival: the first has been at its level longest. What is kept about a slab of a group is guarded
 * by the group's {@link Stripe}, and a slab that the {@link SlabSupply} hands out or gets back takes or leaves a group under its
 * lock as well. Without a lock readers of copies use {@link #slotBytes}, and whoever frees one {@link #groupOf}: it stays
 * while the copy does.
 */
final class SlabTable {
    static final int NONE = -1;

    /** The use of a slab nobody claimed. */
    static final int LISTED = 0;

    static final int MOVING = 1;
    static final int HELD = 2;

    /** The use of a slab nobody claimed that has copies and is beyond the capacity. */
    static final int BEYOND = 3;

    /** The level of a slab without a free slot; lower levels are quarters. */
    static final int FULL = 4;

    /** What is kept about a slab and used together lies together: a row of seven numbers of 16 bits, and room for one more. */
    private static final int ROW_BITS = 3;

    private static final int GROUP = 0;
    private static final int LIVE = 1;
    private static final int CHAINED = 2;
    private static final int FRESH = 3;
    private static final int FREE_FROM = 4;
    private static final int USE = 5;
    private static final int LIST = 6;

    private final Groups groups;
    private final SlotTags tags;
    private short[] rows;
    private int[] next;
    private int[] previous;
    private final int freeList;
    private final int beyondList;

    SlabTable(Geometry geometry, Groups groups) {
        this(geometry, groups, new SlotTags());
    }

    SlabTable(Geometry geometry, Groups groups, SlotTags tags) {
        this.groups = groups;
        this.tags = tags;
        rows = new short[0];
        next = new int[0];
        previous = new int[0];
        grow(geometry.slabs());
        freeList = groups.list(groups.count(), 0);
        beyondList = groups.list(groups.count(), 1);
    }

    /** Makes room for slabs with numbers below {@code limit}, more than there was. */
    void grow(int limit) {
        int from = rows.length;
        short[] longer = Arrays.copyOf(rows, limit << ROW_BITS);
        for (int row = from; row < longer.length; row += 1 << ROW_BITS) {
            longer[row + GROUP] = NONE;
            longer[row + LIST] = NONE;
        }
        tags.grow(limit);
        next = extended(next, limit); // nothing fails after the slabs count as there
        previous = extended(previous, limit);
        VarHandle.releaseFence(); // a reader finds in it whatever he found in the old one
        rows = longer;
    }

    private static int[] extended(int[] numbers, int length) {
        if (numbers.length >= length) {
            return numbers; // of a try for which there was no memory
        }
        int[] longer = Arrays.copyOf(numbers, length);
        Arrays.fill(longer, numbers.length, length, NONE);
        return longer;
    }

    SlotTags tags() {
        return tags;
    }

    private int get(int slab, int column) {
        return rows[(slab << ROW_BITS) + column];
    }

    private void set(int slab, int column, int value) {
        assert value == (short) value;
        rows[(slab << ROW_BITS) + column] = (short) value;
    }

    private int add(int slab, int column, int more) {
        int sum = get(slab, column) + more;
        set(slab, column, sum);
        return sum;
    }

    int slabs() {
        return rows.length >> ROW_BITS;
    }

    /** The bytes of the owners of all slots, which lie within the capacity, and of these books, on the Java heap. */
    long metadataBytes() {
        return groups.slotsCut() * Geometry.OWNER_BYTES + bytes();
    }

    private long bytes() {
        return (long) Short.BYTES * rows.length + 2L * Integer.BYTES * next.length + tags.bytes() + groups.bytes();
    }

    /** The group of a slab, or {@link #NONE}. */
    int groupOf(int slab) {
        return get(slab, GROUP);
    }

    /** The slot size of a slab in bytes, 0 if it is not cut up, or unknown to a reader who sees the books of before. */
    int slotBytes(int slab) {
        short[] seen = rows;
        int row = slab << ROW_BITS;
        int group = row < seen.length ? seen[row + GROUP] : NONE;
        return group == NONE ? 0 : groups.slotBytes(group);
    }

    /** The number of slots of a slab, 0 if it is not cut up. */
    int slots(int slab) {
        int group = groupOf(slab);
        return group == NONE ? 0 : groups.slots(group);
    }

    /** The slots that are taken, or in the magazine of their group. */
    int live(int slab) {
        return get(slab, LIVE);
    }

    /** The slots that are taken by parts of long copies. */
    int chained(int slab) {
        return get(slab, CHAINED);
    }

    void addChained(int slab, int more) {
        int sum = add(slab, CHAINED, more);
        assert sum >= 0 && sum <= live(slab);
    }

    /** The slots that are free, but for those in the magazine of their group. */
    int free(int slab) {
        return slots(slab) - live(slab);
    }

    /** The slots that were ever taken since the slab was cut up; those from here on have no tag yet. */
    int fresh(int slab) {
        return get(slab, FRESH);
    }

    /** Whether a slot below {@link #fresh} is free. */
    boolean hasFreed(int slab) {
        return live(slab) < fresh(slab);
    }

    /** No slot below this one is free, but in the magazine. */
    int freeFrom(int slab) {
        return get(slab, FREE_FROM);
    }

    int use(int slab) {
        return get(slab, USE);
    }

    void setUse(int slab, int use) {
        assert get(slab, LIST) == NONE;
        set(slab, USE, use);
    }

    /** Takes the memory that {@link #cut} wants. Returns false, with nothing changed, if there is none. */
    boolean prepareCut(int slab, int group) {
        try {
            if (group != NONE) {
                tags.open(slab, groups.slots(group));
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** Cuts an empty slab, which is in no list, into slots of a group, for which it was prepared, or into none. */
    void cut(int slab, int group) {
        assert live(slab) == 0 && get(slab, LIST) == NONE;
        countCut(slab, -1);
        set(slab, GROUP, group);
        countCut(slab, 1);
        set(slab, FRESH, 0);
        set(slab, FREE_FROM, 0);
    }

    private void countCut(int slab, int more) {
        if (groupOf(slab) != NONE) {
            groups.addCutSlabs(groupOf(slab), more);
        }
    }

    /** Takes the first of the free slots. */
    void takeFreed(int slab, int slot) {
        assert hasFreed(slab) && slot >= freeFrom(slab) && slot < fresh(slab);
        set(slab, FREE_FROM, slot + 1);
        taken(slab);
    }

    /** Takes a slot that was never taken. */
    int takeFresh(int slab) {
        int slot = add(slab, FRESH, 1) - 1;
        taken(slab);
        return slot;
    }

    private void taken(int slab) {
        assert free(slab) > 0;
        add(slab, LIVE, 1);
    }

    /** Takes a slot back. */
    void giveSlot(int slab, int slot) {
        assert live(slab) > 0;
        set(slab, FREE_FROM, Math.min(slot, freeFrom(slab)));
        add(slab, LIVE, -1);
    }

    /** Puts a slab into the list it belongs to, if it is not there already. */
    void enlist(int slab) {
        int target = listFor(slab);
        if (get(slab, LIST) == target) {
            return;
        }
        delist(slab);
        set(slab, USE, LISTED);
        append(slab, target);
    }

    /** Puts a slab, which has copies, to the end of those beyond the capacity. */
    void enlistBeyond(int slab) {
        assert live(slab) > 0;
        delist(slab);
        set(slab, USE, BEYOND);
        append(slab, beyondList);
    }

    private void append(int slab, int target) {
        set(slab, LIST, target);
        int last = groups.last(target);
        previous[slab] = last;
        if (last == NONE) {
            groups.setFirst(target, slab);
        } else {
            next[last] = slab;
        }
        groups.setLast(target, slab);
    }

    /** The list a slab nobody claimed belongs to. */
    private int listFor(int slab) {
        int group = groupOf(slab);
        return group == NONE ? freeList : groups.list(group, level(live(slab) * FULL, groups.slots(group)));
    }

    /** {@code quarters / slots}, from 0 to {@link #FULL}, without a division. */
    private static int level(int quarters, int slots) {
        int level = 0;
        while (quarters >= (level + 1) * slots) {
            level++;
        }
        return level;
    }

    /** Takes a slab out of its list, if it is in one. */
    void delist(int slab) {
        int source = get(slab, LIST);
        if (source == NONE) {
            return;
        }
        if (previous[slab] == NONE) {
            groups.setFirst(source, next[slab]);
        } else {
            next[previous[slab]] = next[slab];
        }
        if (next[slab] == NONE) {
            groups.setLast(source, previous[slab]);
        } else {
            previous[next[slab]] = previous[slab];
        }
        next[slab] = NONE;
        previous[slab] = NONE;
        set(slab, LIST, NONE);
    }

    /** Forgets an empty slab, as if it had never been used. */
    void forget(int slab) {
        delist(slab);
        cut(slab, NONE);
        set(slab, USE, LISTED);
    }

    /** Whether a slab was never used, or is forgotten. */
    boolean isUnknown(int slab) {
        return groupOf(slab) == NONE && use(slab) == LISTED && get(slab, LIST) == NONE;
    }

    /** The slab that is beyond the capacity longest and not claimed, or {@link #NONE}. */
    int firstBeyond() {
        return groups.first(beyondList);
    }

    /** A slab that was used and is free now, or {@link #NONE}. */
    int firstFree() {
        return groups.first(freeList);
    }

    /** The slab of the group that is at the level longest, or {@link #NONE}. */
    int first(int group, int level) {
        return groups.first(groups.list(group, level));
    }

    /**
     * A slab of the group with free slots, of the fullest level that has one, or {@link #NONE}. It is the one that came to its
     * level last: the slot that was freed then, and the books about it, are likelier to be in the cache than any others.
     */
    int fullestWithRoom(int group) {
        for (int level = FULL - 1; level >= 0; level--) {
            int slab = groups.last(groups.list(group, level));
            if (slab != NONE) {
                return slab;
            }
        }
        return NONE;
    }

    /** A slab of the group at the lowest level that has one, up to {@code levelMax}; or {@link #NONE}. */
    int sparsest(int group, int levelMax) {
        for (int level = 0; level <= levelMax; level++) {
            int slab = first(group, level);
            if (slab != NONE) {
                return slab;
            }
        }
        return NONE;
    }

    /** The slab after {@code slab} in its list, or {@link #NONE}. */
    int next(int slab) {
        return next[slab];
    }

    /** Whether the slab is in the list it belongs to, or in none. For checks. */
    boolean isListedRightly(int slab) {
        return get(slab, LIST)
                == switch (use(slab)) {
                    case LISTED -> listFor(slab);
                    case BEYOND -> beyondList;
                    default -> NONE;
                };
    }
}
