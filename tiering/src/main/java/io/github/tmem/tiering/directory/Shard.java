package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.directory.Directory.Choice;
import io.github.tmem.tiering.policy.Standing;
import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;

/**
 * One independently locked part of a directory. Lock it, call its methods, unlock it; every method but the lock's own
 * and those that say otherwise requires the lock.
 *
 * <p>An entry is linked in three structures at once: the hash table, the list of its object's pages in this shard, and
 * the queue of its tier and class (unless there is nothing to be had from it).
 */
public final class Shard extends PatientLock {
    /** No entry. */
    public static final int NONE = EntryTable.NONE;

    /** An entry farther down its bucket than this is not seen without the lock. */
    private static final int GLIMPSES_MAX = 8;

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient int number;
    private final transient EntryTable entries;
    private final transient ObjectTable objects;
    private final transient Buckets buckets;
    private final transient PageQueues queues;
    private final transient Eviction eviction;
    private final transient ObjectPages objectPages;
    private final transient ShardHoldings holdings = new ShardHoldings();

    Shard(int number, ObjectTable objects, Arena arena, PatientLock[] shards) {
        super(shards);
        this.number = number;
        this.entries = new EntryTable(number, visits());
        this.objects = objects;
        this.buckets = new Buckets(entries, this::hashOf, arena);
        this.objectPages = new ObjectPages(number, entries, objects);
        this.queues = new PageQueues(entries);
        this.eviction = new Eviction(queues);
    }

    private long hashOf(int entry) {
        return Hashing.page(objects.get(entries.object(entry)).hash(), entries.index(entry));
    }

    EntryTable entries() {
        return entries;
    }

    /** The shard's place among its like, from 0. */
    public int number() {
        return number;
    }

    /** The entry of a page, or {@link #NONE}. Says nothing of whether the object is attached. */
    public int find(TrackedObject object, long index) {
        assert isHeldByCurrentThread();
        int slot = object.slot();
        int entry = buckets.first(Hashing.page(object.hash(), index));
        while (entry != NONE && (entries.index(entry) != index || entries.object(entry) != slot)) {
            entry = buckets.next(entry);
        }
        return entry;
    }

    /**
     * Notes, without the lock, what the entry of a page seems to say. Entries may change meanwhile, so that any field may
     * be out of date or a mixture, and an entry may be overlooked: only {@link #stillHolds} can tell.
     *
     * @return the entry, or {@link #NONE} if none was seen
     */
    public int glimpse(TrackedObject object, long index, Look look) {
        int entry = buckets.glimpseFirst(Hashing.page(object.hash(), index));
        for (int steps = 0; steps < GLIMPSES_MAX && entries.owns(entry); steps++) {
            if (entries.index(entry) == index && entries.object(entry) == object.slot()) {
                look.set(object, index, this, entry, entries);
                return entry;
            }
            entry = entries.hashNext(entry);
        }
        return NONE;
    }

    /** Notes what a linked entry says. */
    public void look(int entry, Look look) {
        assert isHeldByCurrentThread();
        look.set(objects.get(entries.object(entry)), entries.index(entry), this, entry, entries);
    }

    /** The second look: whether the entry still names the copy that was seen, under a number that is attached. */
    public boolean stillHolds(Look look) {
        assert isHeldByCurrentThread();
        return isAsSeen(look);
    }

    /**
     * The second look of a get that keeps the page, without the lock: who ends or moves a page changes its stamp or its
     * locator, under the lock, before the copy is freed. So a copy that was read before both are seen unchanged is the
     * page's at that moment.
     *
     * @return false if the entry says something else, or would have to note the hit, for which the lock is needed
     */
    public boolean stillHoldsUnlocked(Look look) {
        VarHandle.acquireFence(); // the copy was read before
        return eviction.hit(look.object().pool(), look.standing()) == look.standing() && isAsSeen(look);
    }

    /** Everything is compared, for the look may have been a {@linkplain #glimpse} at an entry on its way to another key. */
    private boolean isAsSeen(Look look) {
        int entry = look.entry();
        return entries.stamp(entry) == look.stamp()
                && entries.locator(entry) == look.locator()
                && look.isSameCopy(entries.meta(entry))
                && entries.crc(entry) == look.crc()
                && entries.index(entry) == look.index()
                && entries.object(entry) == look.object().slot()
                && look.object().isAttached();
    }

    /** Whether an entry of this shard can be found; one that cannot may be changing at this moment. */
    boolean isLinked(int entry) {
        TrackedObject object = objects.peek(entries.object(entry));
        return object != null && entries.stamp(entry) != 0 && find(object, entries.index(entry)) == entry;
    }

    /** The stamp of a linked entry. */
    public long stampOf(int entry) {
        return entries.stamp(entry);
    }

    /** What a linked entry stands for. */
    public EntryState stateOf(int entry) {
        return EntryDescriptor.state(entries.meta(entry));
    }

    /**
     * Links an entry that has been filled in.
     *
     * @param older the key's older entry, which the caller unlinks next, or {@link #NONE}
     * @return false, with nothing changed, if the object's number is no longer attached
     */
    public boolean link(int entry, long stamp, TrackedObject object, int older) {
        assert isHeldByCurrentThread();
        if (!object.isAttached()) {
            return false;
        }
        buckets.makeRoom(); // what may fail for want of memory comes before the first change
        if (!objectPages.add(entry, object)) {
            return false;
        }
        long hash = Hashing.page(object.hash(), entries.index(entry));
        buckets.add(entry, hash);
        PoolLedger pool = object.pool();
        int length = queues.length(entry);
        int standing =
                older == NONE ? eviction.admit(pool, hash, length) : eviction.replace(pool, queues.standing(older));
        setStanding(entry, standing);
        entries.countSuccessor(older);
        queues.prepare(entry);
        account(entry, pool, 1);
        enqueue(entry, pool);
        pool.countStored(stateOf(entry) == EntryState.FILLED);
        entries.stamp(entry, stamp); // from here on a glimpse can tell of it
        return true;
    }

    private void setStanding(int entry, int standing) {
        entries.meta(entry, EntryDescriptor.withStanding(entries.meta(entry), standing));
    }

    /** Unlinks an entry and counts how its page ended. The caller then frees the copy and gives the entry back. */
    public void unlink(int entry, Ending ending) {
        assert isHeldByCurrentThread();
        TrackedObject object = objects.get(entries.object(entry));
        PoolLedger pool = object.pool();
        EntryState state = stateOf(entry);
        long hash = Hashing.page(object.hash(), entries.index(entry));
        dequeue(entry, pool);
        account(entry, pool, -1);
        eviction.ended(pool, ending, hash, queues.standing(entry));
        if (state != EntryState.REPLACING) {
            pool.countEnding(state == EntryState.LOST ? Ending.LOST : ending, state == EntryState.FILLED);
        }
        buckets.remove(entry, hash);
        entries.clearStamp(entry);
        objectPages.remove(entry, object);
    }

    /** An entry of the object in this shard, or {@link #NONE}. */
    public int anyOf(TrackedObject object) {
        return objectPages.any(object);
    }

    /** Swings a linked entry to another copy of the same put. */
    public void swing(int entry, Place place) {
        moveTo(entry, place, queues.standing(entry));
    }

    /** As {@link #swing}, to a tier farther down: there the page's hits are counted anew. */
    public void sink(int entry, Place place) {
        moveTo(entry, place, Standing.withCredit(queues.standing(entry), 0));
    }

    private void moveTo(int entry, Place place, int standing) {
        assert isHeldByCurrentThread();
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        dequeue(entry, pool);
        account(entry, pool, -1);
        long stamp = entries.stamp(entry);
        entries.clearStamp(entry);
        place.write(entries, entry, standing);
        entries.stamp(entry, stamp);
        account(entry, pool, 1);
        enqueue(entry, pool);
    }

    /**
     * Swings a linked entry to a later put of its key: the older page ends. The entry keeps its place in the queue if
     * the page stays in its tier. The caller frees the older copy.
     */
    public void overwrite(int entry, long stamp, Place place) {
        assert isHeldByCurrentThread();
        assert entries.stamp(entry) <= stamp;
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        int before = entries.meta(entry);
        int standing = eviction.replace(pool, EntryDescriptor.standing(before));
        boolean filled = !place.hasCopy();
        switch (EntryDescriptor.state(before)) {
            case REPLACING -> pool.countStored(filled);
            case LOST -> pool.countOverwritten(Ending.LOST, false, filled);
            case FILLED -> pool.countOverwritten(Ending.REPLACED, true, filled);
            case STORED -> pool.countOverwritten(Ending.REPLACED, false, filled);
        }
        boolean stays = queues.isQueued(entry)
                && EntryDescriptor.tier(before) == place.tier()
                && !EntryDescriptor.isHidden(before);
        entries.clearStamp(entry);
        if (stays) {
            place.write(entries, entry, standing);
            int grown = queues.resize(entry, Eviction.classOf(pool, standing), EntryDescriptor.length(before));
            holdings.grow(place.tier(), pool.kind(), grown);
        } else {
            dequeue(entry, pool);
            account(entry, pool, -1);
            place.write(entries, entry, standing);
            account(entry, pool, 1);
            enqueue(entry, pool);
        }
        entries.stamp(entry, stamp);
    }

    /** Ends the page of a linked entry and keeps the entry for the put with this stamp. The caller frees the copy. */
    public void markReplacing(int entry, long stamp) {
        assert entries.stamp(entry) < stamp;
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        EntryState state = stateOf(entry);
        withoutCopy(entry, stamp, EntryState.REPLACING);
        if (state != EntryState.REPLACING) {
            pool.countEnding(state == EntryState.LOST ? Ending.LOST : Ending.REPLACED, state == EntryState.FILLED);
        }
    }

    /** Remembers that the copy of a linked entry is gone or damaged. The caller frees what may be left of it. */
    public void markLost(int entry) {
        withoutCopy(entry, entries.stamp(entry), EntryState.LOST);
    }

    private void withoutCopy(int entry, long stamp, EntryState state) {
        assert isHeldByCurrentThread();
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        int standing = queues.standing(entry);
        dequeue(entry, pool);
        account(entry, pool, -1);
        entries.clearStamp(entry);
        entries.place(entry, 0, 0, EntryDescriptor.meta(state, PageQueues.NO_TIER, 0, 0));
        setStanding(entry, standing);
        entries.stamp(entry, stamp);
        account(entry, pool, 1);
    }

    /** Notes a hit that keeps the page of a linked entry. */
    public void markHit(int entry) {
        assert isHeldByCurrentThread();
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        setStanding(entry, eviction.hit(pool, queues.standing(entry)));
    }

    /** Notes a miss in a pool that {@linkplain PoolLedger#learnsFromMisses learns} from it. */
    public void markMissed(TrackedObject object, long index) {
        assert isHeldByCurrentThread();
        eviction.missed(Hashing.page(object.hash(), index));
    }

    /** The same for an object that has no number. */
    public void markMissed(PoolLedger pool, ObjectId id, long index) {
        assert isHeldByCurrentThread();
        eviction.missed(Hashing.page(Hashing.object(pool.seed(), id), index));
    }

    /**
     * Chooses the next page of a tier to give way, preferring among those next in line one whose copy is at least as long
     * as {@code length} and not much longer.
     *
     * @param tier a tier number, or {@link Directory#WITHOUT_COPY}
     * @return its entry, or {@link #NONE}
     */
    public int victim(int tier, PageKind kind, int length, Choice choice) {
        return eviction.victim(tier, kind, length, choice);
    }

    /** Hides a page that is about to be moved from those who choose victims, so that nobody else moves it. */
    public void hide(int entry) {
        requeue(entry, EntryDescriptor.hidden(entries.meta(entry)));
    }

    /** Shows a page whose move was given up. */
    public void unhide(int entry) {
        requeue(entry, EntryDescriptor.shown(entries.meta(entry)));
    }

    private void requeue(int entry, int newMeta) {
        assert isHeldByCurrentThread();
        if (newMeta != entries.meta(entry)) {
            PoolLedger pool = objects.get(entries.object(entry)).pool();
            dequeue(entry, pool);
            entries.meta(entry, newMeta);
            enqueue(entry, pool);
        }
    }

    private void enqueue(int entry, PoolLedger pool) {
        EntryState state = stateOf(entry);
        if (state == EntryState.STORED || state == EntryState.FILLED) {
            queues.add(entry, Eviction.classOf(pool, queues.standing(entry)));
        }
    }

    private void dequeue(int entry, PoolLedger pool) {
        if (queues.isQueued(entry)) {
            queues.remove(entry, Eviction.classOf(pool, queues.standing(entry)));
        }
    }

    private void account(int entry, PoolLedger pool, int sign) {
        holdings.count(entries.meta(entry), pool, sign);
    }

    /** How many pages of this kind could be chosen in this tier; a hint when the lock is not held. */
    public int victims(int tier, PageKind kind, Choice choice) {
        return eviction.victims(tier, kind, choice);
    }

    void addHoldings(int tier, Holdings sum) {
        holdings.addTo(sum, tier);
    }

    int size() {
        return buckets.size();
    }

    long bytes() {
        return entries.bytes() + buckets.bytes() + queues.memoryBytes() + ghostBytes();
    }

    long ghostBytes() {
        return eviction.ghostBytes();
    }

    /** Walks the whole shard; throws {@link AssertionError} on a broken invariant. Nothing may be on the move. */
    void checkInvariants(Directory directory) {
        int seen = 0;
        int queued = 0;
        for (int bucket = 0; bucket < buckets.bucketCount(); bucket++) {
            for (int entry = buckets.headOf(bucket); entry != NONE; entry = entries.hashNext(entry)) {
                TrackedObject object = objects.get(entries.object(entry));
                Invariant.check(buckets.bucket(hashOf(entry)) == bucket, "entry %d is in bucket %d", entry, bucket);
                Invariant.check(
                        directory.shardOf(object, entries.index(entry)) == this, "entry %d in shard %d", entry, number);
                Invariant.check(find(object, entries.index(entry)) == entry, "entry %d is not found", entry, 0);
                Invariant.check(entries.stamp(entry) > 0, "entry %d has stamp 0", entry, 0);
                Invariant.check((object.shards() & 1L << number) != 0, "entry %d, object not here", entry, 0);
                Invariant.check(object.isAttached(), "entry %d is under a dead number", entry, 0);
                boolean hasPlace = stateOf(entry) == EntryState.STORED || stateOf(entry) == EntryState.FILLED;
                Invariant.check(queues.isQueued(entry) == hasPlace, "entry %d is in no queue", entry, 0);
                Invariant.check(!EntryDescriptor.isHidden(entries.meta(entry)), "entry %d is hidden at rest", entry, 0);
                queued += hasPlace ? 1 : 0;
                seen++;
            }
        }
        Invariant.check(seen == buckets.size(), "%d entries in a table of %d", seen, buckets.size());
        Invariant.check(queued == queues.checkedTotal(), "%d queued entries differ", queued, 0);
        Invariant.check(seen == objectPages.checkedTotal(), "%d entries differ from those by object", seen, 0);
    }
}
