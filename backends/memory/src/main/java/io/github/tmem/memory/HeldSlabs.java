package io.github.tmem.memory;

import io.github.tmem.api.PageKind;

/**
 * The slabs of one claim, out of service for all others: some have room already, the others the claimer empties first.
 * To be used by who holds all stripes.
 */
final class HeldSlabs {
    /** A slab at this level or below is at most half full. */
    private static final int SPARSE_LEVEL_MAX = 1;

    /** A slab at this level or below has a free slot. */
    private static final int ROOMY_LEVEL_MAX = SlabTable.FULL - 1;

    private final SlabPool pool;

    /** As long as a claim may want at most: a slab for each slot of a copy, and one for its head. */
    private final int[] slabs = new int[Chunks.count(SlabBackend.LENGTH_MAX) + 2];

    private int count;

    /** The slabs from here on are to be emptied. */
    private int firstToEmpty;

    private boolean relocatable;

    /** Whether the last slab is there for a head. */
    private boolean hasSlabForHead;

    /** Whether the slabs serve nobody any more. */
    private boolean retiring;

    /** Whether these slabs were counted as a claim. */
    private boolean counted;

    /** Holds nothing yet. */
    HeldSlabs(SlabPool pool) {
        this.pool = pool;
    }

    /** Holds a slab, half full at most, whose copies fit elsewhere; false if there is none. */
    boolean holdSparse() {
        relocatable = true;
        return addMoving(1, SPARSE_LEVEL_MAX);
    }

    /** As {@link #holdSparse}, however full the slab is. */
    boolean holdRoomy() {
        relocatable = true;
        return addMoving(1, ROOMY_LEVEL_MAX);
    }

    /** Holds a slab beyond the capacity, which is to serve nobody any more; false if there is none. */
    boolean holdBeyond() {
        relocatable = true;
        int slab = pool.holdBeyond();
        if (slab == SlabTable.NONE) {
            return false;
        }
        retiring = true;
        add(slab);
        return true;
    }

    /**
     * Holds room for so many slots: what is free, and slabs whose copies fit elsewhere; false if there is not enough.
     *
     * @param forHead 1 for one slab more when no slab has room for the copy's head, else 0. A head that takes a chunk wastes
     *     it, and so would all later ones while claims leave slabs for chunks only
     */
    boolean holdMoving(PageKind kind, int sizeClass, int slots, int forHead) {
        relocatable = true;
        hasSlabForHead = forHead > 0;
        return addMoving(addRoom(kind, sizeClass, slots) + forHead, ROOMY_LEVEL_MAX) || giveUp();
    }

    /** As {@link #holdMoving}, with ephemeral slabs in place of those whose copies fit elsewhere. */
    boolean holdEvicting(PageKind kind, int sizeClass, int slots, int forHead) {
        relocatable = false;
        hasSlabForHead = forHead > 0;
        return addEvicting(addRoom(kind, sizeClass, slots) + forHead) || giveUp();
    }

    private boolean giveUp() {
        give();
        return false;
    }

    /** Adds slabs with room. Returns how many further slabs have to be emptied. */
    private int addRoom(PageKind kind, int sizeClass, int slots) {
        int perSlab = pool.classes().slots(sizeClass);
        int missing = slots;
        while (missing > 0) {
            int slab = pool.holdWithRoom(kind, sizeClass);
            int room = slab == SlabTable.NONE ? perSlab : pool.table().free(slab);
            if (slab == SlabTable.NONE) {
                slab = pool.holdFree();
            }
            if (slab == SlabTable.NONE) {
                break;
            }
            add(slab);
            missing -= room;
        }
        firstToEmpty = count;
        return Math.ceilDiv(Math.max(0, missing), perSlab);
    }

    private boolean addMoving(int more, int levelMax) {
        for (int i = 0; i < more; i++) {
            int slab = pool.holdMoving(levelMax);
            if (slab == SlabTable.NONE) {
                return false;
            }
            add(slab);
        }
        return true;
    }

    private boolean addEvicting(int more) {
        for (int i = 0; i < more; i++) {
            int slab = pool.holdEvicting();
            if (slab == SlabTable.NONE) {
                return false;
            }
            add(slab);
        }
        return true;
    }

    private void add(int slab) {
        slabs[count++] = slab;
    }

    /** Whether the copies may stay in the backend. */
    boolean relocatable() {
        return relocatable;
    }

    /** The number of slabs to be emptied. */
    int toEmpty() {
        return count - firstToEmpty;
    }

    /** One of the slabs to be emptied. */
    int slabToEmpty(int i) {
        return slabs[firstToEmpty + i];
    }

    /** Takes a slot from the slab that is there for a head. Returns its place, or {@link SlabTable#NONE}. */
    long takeForHead(PageKind kind, int sizeClass) {
        if (!hasSlabForHead || pool.table().live(slabs[count - 1]) > 0) {
            return SlabTable.NONE;
        }
        firstToEmpty = count;
        return pool.takeHeld(slabs[count - 1], kind, sizeClass);
    }

    /** Takes a slot from these slabs. Returns its place, or {@link SlabTable#NONE}. */
    long take(PageKind kind, int sizeClass) {
        for (int i = 0; i < count && !retiring; i++) {
            long place = pool.takeHeld(slabs[i], kind, sizeClass);
            if (place != SlabTable.NONE) {
                firstToEmpty = Math.max(firstToEmpty, i + 1);
                return place;
            }
        }
        return SlabTable.NONE;
    }

    /** Whether ephemeral pages are in the way of this claim, which is about to begin; if so it counts. */
    boolean beginsCounted() {
        for (int i = firstToEmpty; i < count && !counted && !retiring; i++) {
            counted = pool.table().live(slabs[i]) > 0
                    && pool.groups().kind(pool.table().groupOf(slabs[i])) == PageKind.EPHEMERAL;
        }
        return counted;
    }

    /** Whether this claim, which is about to end, counts. */
    boolean isCounted() {
        return counted;
    }

    /** Returns all slabs to service. */
    void give() {
        for (int i = 0; i < count; i++) {
            pool.unhold(slabs[i]);
        }
        count = 0;
        firstToEmpty = 0;
        hasSlabForHead = false;
        retiring = false;
        counted = false;
    }
}
