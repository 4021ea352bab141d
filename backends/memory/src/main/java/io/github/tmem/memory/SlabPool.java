package io.github.tmem.memory;

import static io.github.tmem.memory.SlabTable.BEYOND;
import static io.github.tmem.memory.SlabTable.FULL;
import static io.github.tmem.memory.SlabTable.HELD;
import static io.github.tmem.memory.SlabTable.LISTED;
import static io.github.tmem.memory.SlabTable.MOVING;
import static io.github.tmem.memory.SlabTable.NONE;

import io.github.tmem.api.PageKind;
import io.github.tmem.memory.slot.Padding;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Hands out slots, and chooses the slabs that a claim empties. To take a slot of a group, or give one back, the group's
 * {@link Stripe} has to be held; for all else that is no mere question about one slot, all stripes.
 *
 * <p>A slot comes from the group's {@linkplain Magazines magazine}, else from the fullest slab of its group that has room, else
 * from a free slab, else from a slightly larger class, so that sparse slabs drain and full memory is used to the end.
 *
 * <p>Why moving is possible exactly when a group has as many free slots as a slab has slots: the slab's own copies plus
 * its own free slots are that many, so what is free elsewhere suffices for the copies. A long copy moves as a whole: it
 * needs all its chunks a second time until its old ones are freed, and perhaps a chunk in place of a head slot.
 */
final class SlabPool {
    /** A copy may take a slot of another class whose slots are larger than its own class's by one part in this many. */
    private static final int SLACK_PARTS = 8;

    private final SizeClasses classes;
    private final Regions regions;
    private final Groups groups;
    private final SlabTable table;
    private final SlabSupply supply;
    private final Magazines magazines;

    SlabPool(Geometry geometry, SizeClasses classes, Regions regions) {
        this.classes = classes;
        this.regions = regions;
        groups = new Groups(classes);
        table = new SlabTable(geometry, groups);
        supply = new SlabSupply(geometry, regions, table);
        magazines = new Magazines(groups);
    }

    SizeClasses classes() {
        return classes;
    }

    Groups groups() {
        return groups;
    }

    SlabTable table() {
        return table;
    }

    SlabSupply supply() {
        return supply;
    }

    /** The bytes of the owners of all slots, which lie within the capacity, and of all books, on the Java heap. */
    long metadataBytes() {
        return table.metadataBytes() + magazines.bytes();
    }

    /** The {@link Tag} of a slot. */
    int tag(long place) {
        return table.tags().get(Locator.slab(place), Locator.slot(place));
    }

    void setTag(long place, int tag) {
        table.tags().set(Locator.slab(place), Locator.slot(place), tag);
    }

    /** The owner of the copy that starts in a slot, or anything while that is on its way there. */
    int owner(long place) {
        return memory(place).get(SlotWriter.OWNER, offset(place) - Geometry.OWNER_BYTES);
    }

    void setOwner(long place, int owner) {
        memory(place).set(SlotWriter.OWNER, offset(place) - Geometry.OWNER_BYTES, owner);
    }

    /** The locator of the copy that starts in a slot, once its bytes are there. */
    long locatorAt(long place) {
        int tag = tag(place);
        int unused = Tag.state(tag) == Tag.HEAD ? Locator.UNUSED_MAX : Math.min(unused(place), Locator.UNUSED_MAX);
        return Locator.of(place, owner(place), Tag.generation(tag), unused);
    }

    /** What the copy in a slot of its own leaves of the slot. */
    int unused(long place) {
        boolean full = Tag.state(tag(place)) == Tag.FULL;
        return full ? 0 : Padding.read(memory(place), offset(place) + slotBytes(place));
    }

    /** Notes that a slot, just taken, holds a part of a copy with so many chunks. */
    void chain(PageKind kind, long place, int chunks) {
        table.addChained(Locator.slab(place), 1);
        groups.noteChunks(groups.ofChunks(kind), chunks);
    }

    int slotBytes(long place) {
        return table.slotBytes(Locator.slab(place));
    }

    /** The word of a head or chunk, see {@link Chunks}. */
    long chunkWord(long place) {
        return memory(place).get(Chunks.WORD, offset(place));
    }

    void setChunkWord(long place, long word) {
        memory(place).set(Chunks.WORD, offset(place), word);
    }

    /** The memory that holds a slot which is taken. */
    MemorySegment memory(long place) {
        return Objects.requireNonNull(regions.segment(Locator.slab(place)));
    }

    /** Where a slot begins in its {@link #memory}. */
    long offset(long place) {
        int slab = Locator.slab(place);
        int slot = Locator.slot(place);
        return regions.offset(slab) + (long) slot * table.slotBytes(slab) + (slot + 1L) * Geometry.OWNER_BYTES;
    }

    /** Takes a slot of the class, or of a slightly larger one. Returns its place, or {@link SlabTable#NONE}. */
    long take(PageKind kind, int sizeClass) {
        long place = takeOf(groups.of(kind, sizeClass));
        if (place != NONE) {
            return place;
        }
        int slab = slabOfLargerClass(kind, sizeClass);
        return slab == NONE ? NONE : takeIn(slab);
    }

    /** Takes a slot of the group. Returns its place, or {@link SlabTable#NONE} if neither it nor the supply has any. */
    long takeOf(int group) {
        long place = magazines.pop(group);
        return place == NONE ? takeListed(group) : place;
    }

    private long takeListed(int group) {
        int slab = table.fullestWithRoom(group);
        if (slab == NONE) {
            slab = supply.take(group);
            if (slab == NONE) {
                return NONE;
            }
            groups.addFreeSlots(group, table.free(slab));
        }
        return takeIn(slab);
    }

    /** Whether a copy of the class finds a slot in slabs that are cut up. */
    boolean hasRoom(PageKind kind, int sizeClass) {
        return table.fullestWithRoom(groups.of(kind, sizeClass)) != NONE || slabOfLargerClass(kind, sizeClass) != NONE;
    }

    private int slabOfLargerClass(PageKind kind, int sizeClass) {
        int slotBytesMax = classes.slotBytes(sizeClass) + classes.slotBytes(sizeClass) / SLACK_PARTS;
        for (int larger = sizeClass + 1; larger < classes.count(); larger++) {
            if (classes.slotBytes(larger) > slotBytesMax) {
                return NONE;
            }
            int slab = table.fullestWithRoom(groups.of(kind, larger));
            if (slab != NONE) {
                return slab;
            }
        }
        return NONE;
    }

    private long takeIn(int slab) {
        int slot;
        if (table.hasFreed(slab)) {
            slot = table.tags().firstFree(slab, table.freeFrom(slab));
            table.takeFreed(slab, slot);
        } else {
            slot = table.takeFresh(slab);
        }
        if (table.use(slab) == LISTED) {
            groups.addFreeSlots(table.groupOf(slab), -1);
            table.enlist(slab);
        }
        return Locator.placeOf(slab, slot);
    }

    /**
     * Gives back the slot of a copy that has no other: to the magazine of its group, if there is room, and if the slab has so many
     * copies that one remains even when all rounds of the magazine are its slots. So no magazine keeps a slab from being free.
     */
    void giveSingle(long place) {
        int slab = Locator.slab(place);
        int group = table.groupOf(slab);
        int remaining = table.live(slab) - 1;
        int roundsMax = magazines.roundsMax(group);
        if (remaining >= roundsMax && table.use(slab) == LISTED && !magazines.isFull(group)) {
            setTag(place, Tag.LOADED);
            magazines.push(group, place);
            return;
        }
        if (remaining <= roundsMax) {
            unload(group);
        }
        give(place);
    }

    /** Empties a magazine. */
    private void unload(int group) {
        for (long place = magazines.pop(group); place != NONE; place = magazines.pop(group)) {
            give(place);
        }
    }

    /** Empties all magazines. */
    void unloadAll() {
        for (int stripe = 0; stripe < Stripes.COUNT; stripe++) {
            for (int group = magazines.firstLoaded(stripe); group != NONE; group = magazines.firstLoaded(stripe)) {
                unload(group);
            }
        }
    }

    /** Gives a slot back. A slab that nobody claimed is free at once when this was its last copy. */
    void give(long place) {
        int slab = Locator.slab(place);
        if (Tag.isChained(tag(place))) {
            table.addChained(slab, -1);
        }
        setTag(place, Tag.FREE);
        table.giveSlot(slab, Locator.slot(place));
        int group = table.groupOf(slab);
        if (table.use(slab) == MOVING) {
            groups.addMovingSlots(group, -1);
        } else if (table.use(slab) == LISTED) {
            groups.addFreeSlots(group, 1);
            if (table.live(slab) == 0) {
                groups.addFreeSlots(group, -table.slots(slab));
                supply.give(slab);
            } else {
                table.enlist(slab);
            }
        } else if (table.use(slab) == BEYOND && table.live(slab) == 0) {
            supply.give(slab);
        }
    }

    /** Holds a free slab for a claim. Returns it, or {@link SlabTable#NONE}. */
    int holdFree() {
        int slab = supply.take(NONE);
        if (slab != NONE) {
            table.setUse(slab, HELD);
        }
        return slab;
    }

    /** Holds a slab of the group that has free slots. Returns it, or {@link SlabTable#NONE}. */
    int holdWithRoom(PageKind kind, int sizeClass) {
        int slab = table.sparsest(groups.of(kind, sizeClass), FULL - 1);
        return slab == NONE ? NONE : hold(slab);
    }

    /** Holds the slab whose copies cost least to move to other slabs, up to a level. Returns it, or {@link SlabTable#NONE}. */
    int holdMoving(int levelMax) {
        int best = NONE;
        long bestBytes = Long.MAX_VALUE;
        for (int group = 0; group < groups.count(); group++) {
            int slab = table.sparsest(group, levelMax);
            if (slab == NONE || !canMove(slab)) {
                continue;
            }
            long bytes = (long) table.live(slab) * table.slotBytes(slab);
            if (bytes < bestBytes) {
                best = slab;
                bestBytes = bytes;
            }
        }
        if (best != NONE) {
            hold(best);
            table.setUse(best, MOVING);
            groups.addMovingSlots(table.groupOf(best), table.live(best));
        }
        return best;
    }

    private boolean canMove(int slab) {
        int group = table.groupOf(slab);
        int slots = table.slots(slab);
        if (spareSlots(group) < slots) {
            return false;
        }
        int chunks = groups.ofChunks(groups.kind(group));
        int headsAndOwnChunks = group == chunks ? 2 * slots : 0;
        return table.chained(slab) == 0 || spareSlots(chunks) > groups.chunksMax(chunks) + headsAndOwnChunks;
    }

    private int spareSlots(int group) {
        return groups.freeSlots(group) - groups.movingSlots(group);
    }

    /** Holds the ephemeral slab with about the fewest copies. Returns it, or {@link SlabTable#NONE}. */
    int holdEvicting() {
        int best = NONE;
        for (int sizeClass = 0; sizeClass < classes.count(); sizeClass++) {
            int slab = table.sparsest(groups.of(PageKind.EPHEMERAL, sizeClass), FULL);
            if (slab != NONE && (best == NONE || table.live(slab) < table.live(best))) {
                best = slab;
            }
        }
        return best == NONE ? NONE : hold(best);
    }

    private int hold(int slab) {
        assert table.use(slab) == LISTED;
        groups.addFreeSlots(table.groupOf(slab), -table.free(slab));
        table.delist(slab);
        table.setUse(slab, HELD);
        return slab;
    }

    /** Holds a slab that has copies and is beyond the capacity. Returns it, or {@link SlabTable#NONE}. */
    int holdBeyond() {
        int slab = table.firstBeyond();
        if (slab != NONE) {
            table.delist(slab);
            table.setUse(slab, HELD);
        }
        return slab;
    }

    /** Ends the hold: an empty slab becomes free, another serves its group again if it is within the capacity. */
    void unhold(int slab) {
        int group = table.groupOf(slab);
        if (table.use(slab) == MOVING) {
            groups.addMovingSlots(group, -table.live(slab));
        }
        if (table.live(slab) == 0) {
            supply.give(slab);
        } else if (supply.isBeyond(slab)) {
            table.enlistBeyond(slab);
        } else {
            groups.addFreeSlots(group, table.free(slab));
            table.enlist(slab);
        }
    }

    /** Changes the number of slabs: takes those out of service that are beyond it now, returns those that no longer are. */
    void resize(Regions.Extent extent) {
        int before = supply.resize(extent);
        int after = supply.limit();
        for (int slab = before - 1; slab >= after; slab--) {
            withdraw(slab);
        }
        for (int slab = before; slab < after; slab++) {
            if (table.use(slab) == BEYOND) {
                groups.addFreeSlots(table.groupOf(slab), table.free(slab));
                table.enlist(slab);
            }
        }
    }

    /** Takes a slab out of service, unless a claim has it, which will do so. */
    private void withdraw(int slab) {
        if (table.use(slab) != LISTED) {
            return;
        }
        int group = table.groupOf(slab);
        if (group == NONE) {
            table.delist(slab);
        } else {
            groups.addFreeSlots(group, -table.free(slab));
            table.enlistBeyond(slab);
        }
    }

    /**
     * Takes a slot of a held slab, if that is cut as asked for or empty, or has larger slots of the kind. Returns its
     * place, or {@link SlabTable#NONE}.
     */
    long takeHeld(int slab, PageKind kind, int sizeClass) {
        int group = groups.of(kind, sizeClass);
        if (table.live(slab) == 0) {
            if (!table.prepareCut(slab, group)) {
                return NONE;
            }
            table.setUse(slab, HELD);
            table.cut(slab, group);
        }
        int own = table.groupOf(slab);
        boolean fits = own >= group && own < groups.of(kind, classes.count());
        return fits && table.use(slab) == HELD && table.free(slab) > 0 ? takeIn(slab) : NONE;
    }
}
