package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The allocator: which copies there are, and which slots each has. Its monitor is the one lock of a backend; it is held
 * for the books of one copy or one claim, never while bytes of a copy move.
 */
final class CopyTable {
    private static final long NONE = SlabTable.NONE;

    private final Geometry geometry;
    private final Regions regions;
    private final SizeClasses classes;
    private final SlabPool pool;
    private long copies;
    private long encodedBytes;

    CopyTable(Geometry geometry, Regions regions) {
        this.geometry = geometry;
        this.regions = regions;
        classes = new SizeClasses(geometry);
        pool = new SlabPool(geometry, classes, regions);
    }

    SizeClasses classes() {
        return classes;
    }

    SlabPool pool() {
        return pool;
    }

    synchronized Usage usage() {
        return new Usage(
                pool.supply().capacityBytes(),
                pool.supply().usedBytes(),
                encodedBytes,
                copies,
                pool.table().metadataBytes());
    }

    /**
     * Changes the capacity. Returns the new one in bytes, which is not above what was asked for.
     *
     * @throws ConfigException if the capacity is not allowed; nothing has changed then
     */
    synchronized long resize(long capacityBytes, CapacityLimits limits) {
        long slabBytes = geometry.slabBytes();
        long largest = regions.slabsBelow(1 << Locator.SLAB_BITS) * slabBytes;
        limits.check(
                capacityBytes, Math.max(Geometry.CAPACITY_MIN, slabBytes), Math.min(Geometry.CAPACITY_MAX, largest));
        pool.resize(regions.extent((int) (capacityBytes / slabBytes)));
        return pool.supply().capacityBytes();
    }

    /** Gives a region back to the medium if no slab of it is within the capacity or in use. */
    synchronized void releaseIfUnused(int region) {
        pool.supply().releaseIfUnused(region);
    }

    /**
     * Takes all slots of a new copy, from held slabs as well. Returns its locator; or {@link Outcome#FULL}, and then it has
     * taken nothing.
     */
    synchronized long reserve(PageKind kind, int owner, int length, @Nullable HeldSlabs held) {
        int chunks = Chunks.count(length);
        int firstChunk = takeChunks(kind, chunks, held);
        if (chunks > 0 && firstChunk == Chunks.NO_LINK) {
            return Outcome.FULL;
        }
        int sizeClass = classes.classOf(Chunks.firstSlotBytes(length));
        long place = chunks > 0 ? takeHead(kind, sizeClass, held) : takeHeldFirst(kind, sizeClass, held);
        if (place == NONE) {
            giveChunks(firstChunk);
            return Outcome.FULL;
        }
        int generation = pool.table().generation(Locator.slab(place));
        int unused = chunks > 0 ? Locator.UNUSED_MAX : pool.slotBytes(place) - length;
        pool.setRecord(place, owner, Tag.of(stateOf(chunks, unused), generation));
        if (chunks > 0) {
            pool.chain(kind, place, chunks);
            linkChunks(place, length, firstChunk);
        }
        copies++;
        encodedBytes += length;
        return Locator.of(place, owner, generation, Math.min(unused, Locator.UNUSED_MAX));
    }

    private static int stateOf(int chunks, int unused) {
        if (chunks > 0) {
            return Tag.HEAD;
        }
        return unused > 0 ? Tag.PADDED : Tag.FULL;
    }

    private int takeChunks(PageKind kind, int chunks, @Nullable HeldSlabs held) {
        int link = Chunks.NO_LINK;
        for (int i = 0; i < chunks; i++) {
            long place = takeHeldFirst(kind, classes.largest(), held);
            if (place == NONE) {
                giveChunks(link);
                return Chunks.NO_LINK;
            }
            pool.setRecord(place, 0, Tag.CHUNK);
            pool.setChunkWord(place, Chunks.word(place, link));
            pool.chain(kind, place, chunks);
            link = Chunks.linkTo(place);
        }
        return link;
    }

    private void giveChunks(int firstChunk) {
        for (int link = firstChunk; link != Chunks.NO_LINK; ) {
            long place = Chunks.place(link);
            link = Chunks.link(pool.chunkWord(place));
            pool.give(place);
        }
    }

    private void linkChunks(long head, int length, int firstChunk) {
        pool.setChunkWord(head, Chunks.word(length, firstChunk));
        for (int link = firstChunk; link != Chunks.NO_LINK; ) {
            long place = Chunks.place(link);
            link = Chunks.link(pool.chunkWord(place));
            pool.setChunkWord(place, Chunks.word(head, link));
        }
    }

    private long takeHeldFirst(PageKind kind, int sizeClass, @Nullable HeldSlabs held) {
        long place = held == null ? NONE : held.take(kind, sizeClass);
        return place == NONE ? pool.take(kind, sizeClass) : place;
    }

    /**
     * Takes a slot for a head. A chunk will do when there is no other: waste is better than no room. The same goes for held
     * slabs that are cut for chunks.
     */
    private long takeHead(PageKind kind, int sizeClass, @Nullable HeldSlabs held) {
        long place = pool.take(kind, sizeClass);
        if (place == NONE && held != null) {
            place = held.takeForHead(kind, sizeClass);
        }
        return place == NONE ? takeHeldFirst(kind, classes.largest(), held) : place;
    }

    /** Gives the slots of a copy back. Does nothing if there is no such copy, which is a mistake of the caller's. */
    synchronized void free(long locator) {
        if (!isLive(locator)) {
            assert false : "no copy at locator " + locator;
            return;
        }
        long place = Locator.place(locator);
        if (Tag.state(pool.tag(place)) == Tag.HEAD) {
            long word = pool.chunkWord(place);
            encodedBytes -= Chunks.length(word);
            giveChunks(Chunks.link(word));
        } else {
            int unused = Locator.unused(locator);
            encodedBytes -= pool.slotBytes(place) - (unused < Locator.UNUSED_MAX ? unused : pool.unused(place));
        }
        copies--;
        pool.give(place);
    }

    private boolean isLive(long locator) {
        long place = Locator.place(locator);
        int slab = Locator.slab(place);
        SlabTable table = pool.table();
        if (slab >= table.slabs()
                || Locator.slot(place) >= table.fresh(slab)
                || table.groupOf(slab) == SlabTable.NONE) {
            return false;
        }
        int tag = pool.tag(place);
        return Tag.isStart(tag)
                && locator == Locator.of(place, pool.owner(place), Tag.generation(tag), Locator.unused(locator));
    }

    /** Takes slabs out of service; see {@link io.github.tmem.api.spi.LocatedBackend#claim}. Returns false if none do. */
    synchronized boolean hold(HeldSlabs held, ClaimGoal goal, int length) {
        if (goal == ClaimGoal.COMPACTION) {
            return held.holdSparse();
        }
        if (goal == ClaimGoal.SHRINK) {
            return held.holdBeyond();
        }
        PageKind kind = goal == ClaimGoal.PERSISTENT ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
        int chunks = Chunks.count(length);
        int sizeClass = chunks > 0 ? classes.largest() : classes.classOf(length);
        if (goal == ClaimGoal.EPHEMERAL) {
            return held.holdMoving(kind, sizeClass, chunks + 1, 0);
        }
        boolean lacksHead = chunks > 0 && !pool.hasRoom(kind, classes.classOf(Chunks.firstSlotBytes(length)));
        return (lacksHead && held.holdMoving(kind, sizeClass, chunks, 1))
                || held.holdMoving(kind, sizeClass, chunks + 1, 0)
                || (lacksHead && held.holdEvicting(kind, sizeClass, chunks, 1))
                || held.holdEvicting(kind, sizeClass, chunks + 1, 0);
    }

    /** Returns held slabs to service. */
    synchronized void give(HeldSlabs held) {
        held.give();
    }

    /** Fills in the copies that live in the held slabs that are to be emptied. Returns their number. */
    synchronized int copies(HeldSlabs held, long[] locators, int[] owners) {
        int count = 0;
        for (int i = 0; i < held.toEmpty() && count < locators.length; i++) {
            count = copiesIn(held.slabToEmpty(i), locators, owners, count);
        }
        return count;
    }

    private int copiesIn(int slab, long[] locators, int[] owners, int from) {
        SlabTable table = pool.table();
        int count = from;
        int unseen = table.live(slab);
        for (int slot = 0; unseen > 0 && count < locators.length; slot++) {
            long place = Locator.placeOf(slab, slot);
            int tag = pool.tag(place);
            if (tag == Tag.FREE) {
                continue;
            }
            unseen--;
            if (tag == Tag.CHUNK) {
                place = Chunks.head(pool.chunkWord(place));
            }
            long locator = pool.locatorAt(place);
            if (!Tag.isChained(tag) || !contains(locators, count, locator)) {
                locators[count] = locator;
                owners[count++] = pool.owner(place);
            }
        }
        return count;
    }

    private static boolean contains(long[] locators, int count, long locator) {
        for (int i = 0; i < count; i++) {
            if (locators[i] == locator) {
                return true;
            }
        }
        return false;
    }
}
