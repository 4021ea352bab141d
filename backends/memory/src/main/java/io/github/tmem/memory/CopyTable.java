package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The allocator: which copies there are, and which slots each has. Its locks are {@link Stripes}: a copy in one slot, of a class
 * that has room, takes the stripe of its group for the books of that slot, and so does its end; long copies, claims, and copies
 * that find no room in their class take all. No stripe is held while bytes of a copy move.
 *
 * <p>So {@link Outcome#FULL} means that there was no slot for the copy anywhere at a moment when nobody else was at the books.
 */
final class CopyTable {
    private static final long NONE = SlabTable.NONE;

    private final Geometry geometry;
    private final Regions regions;
    private final SizeClasses classes;
    private final SlabPool pool;
    private final Groups groups;
    private final SlabTable table;
    private final Stripes stripes = new Stripes();

    /** Written by who holds all stripes. */
    private final AtomicLong claimsBegun = new AtomicLong();

    private final AtomicLong claimsEnded = new AtomicLong();

    CopyTable(Geometry geometry, Regions regions) {
        this.geometry = geometry;
        this.regions = regions;
        classes = new SizeClasses(geometry);
        pool = new SlabPool(geometry, classes, regions);
        groups = pool.groups();
        table = pool.table();
    }

    SizeClasses classes() {
        return classes;
    }

    SlabPool pool() {
        return pool;
    }

    /** For checks. */
    Stripes stripes() {
        return stripes;
    }

    /** Waits until nobody else is at the books, and brings together what they say: magazines are empty from here on. */
    private void lockAll() {
        stripes.lockAll();
        try {
            pool.unloadAll();
        } catch (RuntimeException | Error e) {
            stripes.unlockAll();
            throw e;
        }
    }

    Usage usage() {
        lockAll();
        try {
            return new Usage(
                    pool.supply().capacityBytes(),
                    pool.supply().usedBytes(),
                    stripes.sum(Stripe::encodedBytes),
                    stripes.sum(Stripe::copies),
                    pool.metadataBytes());
        } finally {
            stripes.unlockAll();
        }
    }

    /**
     * Changes the capacity. Returns the new one in bytes, which is not above what was asked for.
     *
     * @throws ConfigException if the capacity is not allowed; nothing has changed then
     */
    long resize(long capacityBytes, CapacityLimits limits) {
        lockAll();
        try {
            long slabBytes = geometry.slabBytes();
            long largest = regions.slabsBelow(1 << Locator.SLAB_BITS) * slabBytes;
            limits.check(
                    capacityBytes,
                    Math.max(Geometry.CAPACITY_MIN, slabBytes),
                    Math.min(Geometry.CAPACITY_MAX, largest));
            pool.resize(regions.extent((int) (capacityBytes / slabBytes)));
            return pool.supply().capacityBytes();
        } finally {
            stripes.unlockAll();
        }
    }

    /** Gives a region back to the medium if no slab of it is within the capacity or in use. */
    void releaseIfUnused(int region) {
        lockAll();
        try {
            pool.supply().releaseIfUnused(region);
        } finally {
            stripes.unlockAll();
        }
    }

    /**
     * Takes all slots of a new copy, from held slabs as well. Returns its locator; or {@link Outcome#FULL}, and then it has
     * taken nothing.
     */
    long reserve(PageKind kind, int owner, int length, @Nullable HeldSlabs held) {
        if (held == null && length <= SizeClasses.SLOT_MAX) {
            long locator = reserveInGroup(groups.of(kind, classes.classOf(length)), owner, length);
            if (locator != Outcome.FULL) {
                return locator;
            }
        }
        lockAll();
        try {
            return reserveAnywhere(kind, owner, length, held);
        } finally {
            stripes.unlockAll();
        }
    }

    /** Takes a slot of the group. Returns {@link Outcome#FULL} if it has none and there is no free slab. */
    private long reserveInGroup(int group, int owner, int length) {
        Stripe stripe = stripes.of(group);
        stripe.lock();
        try {
            long place = pool.takeOf(group);
            return place == NONE ? Outcome.FULL : enter(group, place, owner, length, 0);
        } finally {
            stripe.unlock();
        }
    }

    private long reserveAnywhere(PageKind kind, int owner, int length, @Nullable HeldSlabs held) {
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
        long locator = enter(table.groupOf(Locator.slab(place)), place, owner, length, chunks);
        if (chunks > 0) {
            pool.chain(kind, place, chunks);
            linkChunks(place, length, firstChunk);
        }
        return locator;
    }

    /** Notes the copy that starts in a slot of the group, just taken. Returns its locator. */
    private long enter(int group, long place, int owner, int length, int chunks) {
        int generation = stripes.of(group).begin(length);
        int unused = chunks > 0 ? Locator.UNUSED_MAX : groups.slotBytes(group) - length;
        pool.setTag(place, Tag.of(stateOf(chunks, unused), generation));
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
            pool.setTag(place, Tag.CHUNK);
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
    void free(long locator) {
        long place = Locator.place(locator);
        assert !isLive(locator) || isNamed(locator) : "a copy of another owner at locator " + locator;
        boolean freed = isLive(locator) // so that its tag, which nobody changes, is in the cache when the lock is held
                && (Tag.state(pool.tag(place)) == Tag.HEAD ? freeChain(locator) : freeSlot(locator));
        assert freed : "no copy at locator " + locator;
    }

    private boolean freeSlot(long locator) {
        long place = Locator.place(locator);
        int group = table.groupOf(Locator.slab(place));
        Stripe stripe = stripes.of(group);
        stripe.lock();
        try {
            if (table.groupOf(Locator.slab(place)) != group || !isLive(locator)) {
                return false;
            }
            int unused = Locator.unused(locator);
            stripe.end(groups.slotBytes(group) - (unused < Locator.UNUSED_MAX ? unused : pool.unused(place)));
            pool.giveSingle(place);
            return true;
        } finally {
            stripe.unlock();
        }
    }

    private boolean freeChain(long locator) {
        lockAll();
        try {
            if (!isLive(locator)) {
                return false;
            }
            long place = Locator.place(locator);
            long word = pool.chunkWord(place);
            giveChunks(Chunks.link(word));
            stripes.of(table.groupOf(Locator.slab(place))).end(Chunks.length(word));
            pool.give(place);
            return true;
        } finally {
            stripes.unlockAll();
        }
    }

    private boolean isLive(long locator) {
        long place = Locator.place(locator);
        int slab = Locator.slab(place);
        if (slab >= table.slabs()
                || Locator.slot(place) >= table.fresh(slab)
                || table.groupOf(slab) == SlabTable.NONE) {
            return false;
        }
        int tag = pool.tag(place);
        return Tag.isStart(tag) && Tag.generation(tag) == Locator.generation(locator);
    }

    /** Whether the live copy at the place of a locator is of its owner too: this takes a look at the slot. */
    private boolean isNamed(long locator) {
        long place = Locator.place(locator);
        return locator == Locator.of(place, pool.owner(place), Locator.generation(locator), Locator.unused(locator));
    }

    /** Takes slabs out of service; see {@link io.github.tmem.api.spi.LocatedBackend#claim}. Returns false if none do. */
    boolean hold(HeldSlabs held, ClaimGoal goal, int length) {
        boolean holds = false;
        lockAll();
        try {
            holds = switch (goal) {
                case COMPACTION -> held.holdSparse();
                case FULL_COMPACTION -> held.holdRoomy();
                case SHRINK -> held.holdBeyond();
                case EPHEMERAL -> holdForEphemeral(held, length);
                case PERSISTENT -> holdForPersistent(held, length);
            };
            if (holds && held.beginsCounted()) {
                claimsBegun.incrementAndGet();
            }
            return holds;
        } finally {
            if (!holds) {
                held.give();
            }
            stripes.unlockAll();
        }
    }

    private boolean holdForEphemeral(HeldSlabs held, int length) {
        return held.holdMoving(PageKind.EPHEMERAL, manyIn(length), Chunks.count(length) + 1, 0);
    }

    private boolean holdForPersistent(HeldSlabs held, int length) {
        PageKind kind = PageKind.PERSISTENT;
        int chunks = Chunks.count(length);
        int sizeClass = manyIn(length);
        boolean lacksHead = chunks > 0 && !pool.hasRoom(kind, classes.classOf(Chunks.firstSlotBytes(length)));
        return (lacksHead && held.holdMoving(kind, sizeClass, chunks, 1))
                || held.holdMoving(kind, sizeClass, chunks + 1, 0)
                || (lacksHead && held.holdEvicting(kind, sizeClass, chunks, 1))
                || held.holdEvicting(kind, sizeClass, chunks + 1, 0);
    }

    /** The class of most slots of a copy. */
    private int manyIn(int length) {
        return Chunks.count(length) > 0 ? classes.largest() : classes.classOf(length);
    }

    long claimsBegun() {
        return claimsBegun.get();
    }

    long claimsEnded() {
        return claimsEnded.get();
    }

    /** Returns held slabs to service. */
    void give(HeldSlabs held) {
        lockAll();
        try {
            if (held.isCounted()) {
                claimsEnded.incrementAndGet();
            }
            held.give();
        } finally {
            stripes.unlockAll();
        }
    }

    /** Fills in the copies that live in the held slabs that are to be emptied. Returns their number. */
    int copies(HeldSlabs held, long[] locators, int[] owners) {
        lockAll();
        try {
            int count = 0;
            for (int i = 0; i < held.toEmpty() && count < locators.length; i++) {
                count = copiesIn(held.slabToEmpty(i), locators, owners, count);
            }
            return count;
        } finally {
            stripes.unlockAll();
        }
    }

    private int copiesIn(int slab, long[] locators, int[] owners, int from) {
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
