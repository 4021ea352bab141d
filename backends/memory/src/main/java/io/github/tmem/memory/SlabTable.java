package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import java.util.Arrays;

/**
 * What is kept about each slab: what it is cut into, how many of its slots are taken, and the list it is in.
 *
 * <p>A group is one size class of one kind. A slab is in exactly one of these states:
 *
 * <pre>
 *   group   use         list
 *   none    LISTED      free slabs (or never opened)
 *   some    LISTED      the group's list for its level: how full it is in quarters, and a last one for full
 *   some    MOVING      none: claimed, its copies are to move to other slabs
 *   any     HELD        none: claimed otherwise
 * </pre>
 *
 * <p>Lists are in order of arrival: the first has been at its level longest. Guarded by the allocator's lock, but for
 * {@link #slotBytes} and {@link #slots}, which readers of copies use as well.
 */
final class SlabTable {
    static final int NONE = -1;

    /** The use of a slab nobody claimed. */
    static final byte LISTED = 0;

    static final byte MOVING = 1;
    static final byte HELD = 2;

    /** The level of a slab without a free slot; lower levels are quarters. */
    static final int FULL = 4;

    private static final int LEVELS = FULL + 1;

    private final SizeClasses classes;
    private final int[] group;
    private final int[] live;
    private final int[] chained;
    private final int[] fresh;
    private final int[] freeSlot;
    private final int[] generation;
    private final byte[] use;

    private final int[] list;
    private final int[] next;
    private final int[] previous;
    private final int[] first;
    private final int[] last;
    private final int freeList;

    SlabTable(Geometry geometry, SizeClasses classes) {
        this.classes = classes;
        int slabs = geometry.slabs();
        group = filled(slabs);
        live = new int[slabs];
        chained = new int[slabs];
        fresh = new int[slabs];
        freeSlot = filled(slabs);
        generation = new int[slabs];
        use = new byte[slabs];
        list = filled(slabs);
        next = filled(slabs);
        previous = filled(slabs);
        freeList = groups() * LEVELS;
        first = filled(freeList + 1);
        last = filled(freeList + 1);
    }

    private static int[] filled(int length) {
        int[] numbers = new int[length];
        Arrays.fill(numbers, NONE);
        return numbers;
    }

    int slabs() {
        return group.length;
    }

    int groups() {
        return PageKind.values().length * classes.count();
    }

    int group(PageKind kind, int sizeClass) {
        return kind == PageKind.EPHEMERAL ? sizeClass : classes.count() + sizeClass;
    }

    /** The group of a slab, or {@link #NONE}. */
    int groupOf(int slab) {
        return group[slab];
    }

    PageKind kindOfGroup(int aGroup) {
        return aGroup < classes.count() ? PageKind.EPHEMERAL : PageKind.PERSISTENT;
    }

    private int classOfGroup(int aGroup) {
        return aGroup % classes.count();
    }

    /** The slot size of a slab in bytes, 0 if it is not cut up. */
    int slotBytes(int slab) {
        int aGroup = group[slab];
        return aGroup == NONE ? 0 : classes.slotBytes(classOfGroup(aGroup));
    }

    /** The number of slots of a slab, 0 if it is not cut up. */
    int slots(int slab) {
        int aGroup = group[slab];
        return aGroup == NONE ? 0 : classes.slots(classOfGroup(aGroup));
    }

    int slotsOfGroup(int aGroup) {
        return classes.slots(classOfGroup(aGroup));
    }

    /** The slots that are taken. */
    int live(int slab) {
        return live[slab];
    }

    /** The slots that are taken by parts of long copies. */
    int chained(int slab) {
        return chained[slab];
    }

    void addChained(int slab, int more) {
        chained[slab] += more;
        assert chained[slab] >= 0 && chained[slab] <= live[slab];
    }

    /** The slots that are free. */
    int free(int slab) {
        return slots(slab) - live[slab];
    }

    /** The slots that were ever taken since the slab was cut up; those from here on have no record yet. */
    int fresh(int slab) {
        return fresh[slab];
    }

    /** The first of the free slots below {@link #fresh}, or {@link #NONE}. */
    int freeSlot(int slab) {
        return freeSlot[slab];
    }

    /** The number of the latest allocation in the slab. */
    int generation(int slab) {
        return generation[slab];
    }

    byte use(int slab) {
        return use[slab];
    }

    void setUse(int slab, byte newUse) {
        assert list[slab] == NONE;
        use[slab] = newUse;
    }

    /** Cuts an empty slab, which is in no list, into slots of a group, or into none. */
    void cut(int slab, int newGroup) {
        assert live[slab] == 0 && list[slab] == NONE;
        group[slab] = newGroup;
        fresh[slab] = 0;
        freeSlot[slab] = NONE;
    }

    /** Takes the first of the free slots away. */
    void popFreeSlot(int slab, int nextFreeSlot) {
        freeSlot[slab] = nextFreeSlot;
        taken(slab);
    }

    /** Takes a slot that was never taken. */
    int popFreshSlot(int slab) {
        int slot = fresh[slab]++;
        taken(slab);
        return slot;
    }

    private void taken(int slab) {
        assert free(slab) > 0;
        live[slab]++;
        generation[slab] = Locator.nextGeneration(generation[slab]);
    }

    /** Makes a slot the first of the free ones. */
    void pushFreeSlot(int slab, int slot) {
        assert live[slab] > 0;
        freeSlot[slab] = slot;
        live[slab]--;
    }

    /** Puts a slab into the list it belongs to, if it is not there already. */
    void enlist(int slab) {
        int target = group[slab] == NONE ? freeList : group[slab] * LEVELS + level(slab);
        if (list[slab] == target) {
            return;
        }
        delist(slab);
        use[slab] = LISTED;
        list[slab] = target;
        previous[slab] = last[target];
        if (last[target] == NONE) {
            first[target] = slab;
        } else {
            next[last[target]] = slab;
        }
        last[target] = slab;
    }

    private int level(int slab) {
        return live[slab] * FULL / slots(slab);
    }

    /** Takes a slab out of its list, if it is in one. */
    void delist(int slab) {
        int source = list[slab];
        if (source == NONE) {
            return;
        }
        if (previous[slab] == NONE) {
            first[source] = next[slab];
        } else {
            next[previous[slab]] = next[slab];
        }
        if (next[slab] == NONE) {
            last[source] = previous[slab];
        } else {
            previous[next[slab]] = previous[slab];
        }
        next[slab] = NONE;
        previous[slab] = NONE;
        list[slab] = NONE;
    }

    /** A slab that was used and is free now, or {@link #NONE}. */
    int firstFree() {
        return first[freeList];
    }

    /** The slab of the group that is at the level longest, or {@link #NONE}. */
    int first(int aGroup, int level) {
        return first[aGroup * LEVELS + level];
    }

    /** A slab of the group with free slots, of the fullest level that has one; or {@link #NONE}. */
    int fullestWithRoom(int aGroup) {
        for (int level = FULL - 1; level >= 0; level--) {
            int slab = first(aGroup, level);
            if (slab != NONE) {
                return slab;
            }
        }
        return NONE;
    }

    /** A slab of the group at the lowest level that has one, up to {@code levelMax}; or {@link #NONE}. */
    int sparsest(int aGroup, int levelMax) {
        for (int level = 0; level <= levelMax; level++) {
            int slab = first(aGroup, level);
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
        int target = group[slab] == NONE ? freeList : group[slab] * LEVELS + level(slab);
        return list[slab] == (use[slab] == LISTED ? target : NONE);
    }
}
