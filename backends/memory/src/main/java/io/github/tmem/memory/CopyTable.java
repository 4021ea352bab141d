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

    private final SizeClasses classes;
    private final SlabPool pool;
    private long copies;
    private long encodedBytes;

    CopyTable(Geometry geometry, Regions regions) {
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
        return new Usage(pool.capacityBytes(), pool.usedBytes(), encodedBytes, copies);
    }

    /** Takes all slots of a new copy. Returns its locator; or {@link Outcome#FULL}, and then it has taken nothing. */
    synchronized long reserve(PageKind kind, int owner, int length) {
        return reserve(kind, owner, length, null);
    }

    /** As {@link #reserve(PageKind, int, int)}, from held slabs as well. */
    synchronized long reserve(PageKind kind, int owner, int length, @Nullable HeldSlabs held) {
        int chunks = Chunks.count(length);
        int firstChunk = takeChunks(kind, chunks, held);
        if (chunks > 0 && firstChunk == SlotWord.NO_LINK) {
            return Outcome.FULL;
        }
        int sizeClass = classes.classOf(Chunks.firstSlotBytes(length));
        long place = chunks > 0 ? takeHead(kind, sizeClass, held) : takeHeldFirst(kind, sizeClass, held);
        if (place == NONE) {
            giveChunks(firstChunk);
            return Outcome.FULL;
        }
        int generation = pool.table().generation(Locator.slab(place));
        pool.setWord(place, SlotWord.copy(chunks > 0 ? SlotWord.HEAD : SlotWord.COPY, generation, length, owner));
        if (chunks > 0) {
            pool.chain(kind, place, chunks);
            linkChunks(place, firstChunk);
        }
        copies++;
        encodedBytes += length;
        return Locator.of(place, generation);
    }

    private int takeChunks(PageKind kind, int chunks, @Nullable HeldSlabs held) {
        int link = SlotWord.NO_LINK;
        for (int i = 0; i < chunks; i++) {
            long place = takeHeldFirst(kind, classes.largest(), held);
            if (place == NONE) {
                giveChunks(link);
                return SlotWord.NO_LINK;
            }
            pool.setWord(place, SlotWord.chunk(place, link));
            pool.chain(kind, place, chunks);
            link = SlotWord.linkTo(place);
        }
        return link;
    }

    private int giveChunks(int firstChunk) {
        int count = 0;
        for (int link = firstChunk; link != SlotWord.NO_LINK; count++) {
            long place = SlotWord.place(link);
            link = SlotWord.link(pool.word(place));
            pool.give(place);
        }
        return count;
    }

    private void linkChunks(long head, int firstChunk) {
        pool.memory(head).set(Chunks.LINK, pool.offset(head), firstChunk);
        for (int link = firstChunk; link != SlotWord.NO_LINK; ) {
            long place = SlotWord.place(link);
            link = SlotWord.link(pool.word(place));
            pool.setWord(place, SlotWord.chunk(head, link));
        }
    }

    private long takeHeldFirst(PageKind kind, int sizeClass, @Nullable HeldSlabs held) {
        long place = held == null ? NONE : held.take(kind, sizeClass);
        return place == NONE ? pool.take(kind, sizeClass) : place;
    }

    /**
     * Takes a slot for a head. A chunk will do when there is no other: waste is better than no room. The same goes for held
     * slabs, which are cut for chunks.
     */
    private long takeHead(PageKind kind, int sizeClass, @Nullable HeldSlabs held) {
        long place = pool.take(kind, sizeClass);
        return place == NONE ? takeHeldFirst(kind, classes.largest(), held) : place;
    }

    /** Gives the slots of a copy back. Does nothing if there is no such copy, which is a mistake of the caller's. */
    synchronized void free(long locator) {
        long place = Locator.place(locator);
        long word = liveWord(locator);
        if (word == NONE) {
            assert false : "no copy at locator " + locator;
            return;
        }
        if (SlotWord.state(word) == SlotWord.COPY) {
            encodedBytes -= SlotWord.length(word);
        } else {
            int chunks = giveChunks(firstLink(place));
            encodedBytes -= SlotWord.length(word, chunks);
        }
        copies--;
        pool.give(place);
    }

    /** The word of the slot in which the copy starts, or -1 if there is no such copy. */
    private long liveWord(long locator) {
        long place = Locator.place(locator);
        int slab = Locator.slab(place);
        SlabTable table = pool.table();
        if (slab >= table.slabs() || Locator.slot(place) >= table.fresh(slab) || table.groupOf(slab) == NONE) {
            return NONE;
        }
        long word = pool.word(place);
        int state = SlotWord.state(word);
        boolean starts = state == SlotWord.COPY || state == SlotWord.HEAD;
        return starts && SlotWord.generation(word) == Locator.generation(locator) ? word : NONE;
    }

    /** The link to the first chunk of a long copy. */
    int firstLink(long head) {
        return (int) pool.memory(head).get(Chunks.LINK, pool.offset(head));
    }

    /** Takes slabs out of service; see {@link io.github.tmem.api.spi.LocatedBackend#claim}. Returns null if none do. */
    synchronized @Nullable HeldSlabs hold(ClaimGoal goal, int length) {
        if (goal == ClaimGoal.COMPACTION) {
            return HeldSlabs.sparse(pool);
        }
        PageKind kind = goal == ClaimGoal.PERSISTENT ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
        int chunks = Chunks.count(length);
        int sizeClass = chunks > 0 ? classes.largest() : classes.classOf(length);
        HeldSlabs held = HeldSlabs.moving(pool, kind, sizeClass, chunks + 1);
        if (held == null && goal == ClaimGoal.PERSISTENT) {
            return HeldSlabs.evicting(pool, kind, sizeClass, chunks + 1);
        }
        return held;
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
            long word = pool.word(place);
            int state = SlotWord.state(word);
            if (state == SlotWord.FREE) {
                continue;
            }
            unseen--;
            if (state == SlotWord.CHUNK) {
                place = SlotWord.headPlace(word);
                word = pool.word(place);
            }
            long locator = Locator.of(place, SlotWord.generation(word));
            if (SlotWord.state(word) == SlotWord.COPY || !contains(locators, count, locator)) {
                locators[count] = locator;
                owners[count++] = SlotWord.owner(word);
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
