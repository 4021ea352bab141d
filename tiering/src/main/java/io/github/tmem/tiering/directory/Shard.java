package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.directory.Directory.Choice;
import java.io.Serial;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.collections.Int2IntHashMap;

/**
 * One independently locked part of a directory. Lock it, call its methods, unlock it; every method but the lock's own
 * requires the lock.
 *
 * <p>An entry is linked in three structures at once: the hash table, the list of its object's pages in this shard, and
 * the queue of its tier and class (unless there is nothing to be had from it).
 */
public final class Shard extends ReentrantLock {
    /** No entry. */
    public static final int NONE = EntryTable.NONE;

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient int number;
    private final transient EntryTable entries;
    private final transient ObjectTable objects;
    private final transient Buckets buckets;
    private final transient PageQueues queues;
    private final transient Eviction eviction;
    private final transient Int2IntHashMap objectHeads = new Int2IntHashMap(NONE);
    private final transient long[] pages = new long[(PageQueues.NO_TIER + 1) * 2];
    private final transient long[] encodedBytes = new long[pages.length];
    private final transient long[] rawBytes = new long[pages.length];

    Shard(int number, ObjectTable objects, Arena arena) {
        this.number = number;
        this.entries = new EntryTable(number);
        this.objects = objects;
        this.buckets = new Buckets(entries, this::hashOf, arena);
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
            entry = entries.hashNext(entry);
        }
        return entry;
    }

    /** Notes what a linked entry says. */
    public void look(int entry, Look look) {
        assert isHeldByCurrentThread();
        look.set(objects.get(entries.object(entry)), this, entry, entries);
    }

    /** The second look: whether the entry still names the copy that was seen, under a number that is attached. */
    public boolean stillHolds(Look look) {
        assert isHeldByCurrentThread();
        return entries.stamp(look.entry()) == look.stamp()
                && entries.locator(look.entry()) == look.locator()
                && EntryDescriptor.tier(entries.meta(look.entry())) == look.tier() // locators of two tiers can be equal
                && EntryDescriptor.state(entries.meta(look.entry())) == look.state()
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
    public boolean link(int entry, TrackedObject object, int older) {
        assert isHeldByCurrentThread();
        if (!object.isAttached()) {
            return false;
        }
        buckets.makeRoom(); // what may fail for want of memory comes before the first change
        int head = objectHeads.put(object.slot(), entry);
        if (head == NONE && !object.enter(number)) {
            objectHeads.remove(object.slot());
            return false;
        }
        entries.objectPrevious(entry, NONE);
        entries.objectNext(entry, head);
        if (head != NONE) {
            entries.objectPrevious(head, entry);
        }
        long hash = Hashing.page(object.hash(), entries.index(entry));
        buckets.add(entry, hash);
        PoolLedger pool = object.pool();
        setStanding(
                entry,
                older == NONE
                        ? eviction.admit(pool, hash, queues.length(entry))
                        : eviction.replace(pool, queues.standing(older)));
        queues.prepare(entry);
        account(entry, pool, 1);
        enqueue(entry, pool);
        pool.countStored(stateOf(entry) == EntryState.FILLED);
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
        entries.stamp(entry, 0);
        removeFromObject(entry, object);
    }

    private void removeFromObject(int entry, TrackedObject object) {
        int previous = entries.objectPrevious(entry);
        int next = entries.objectNext(entry);
        if (next != NONE) {
            entries.objectPrevious(next, previous);
        }
        if (previous != NONE) {
            entries.objectNext(previous, next);
        } else if (next != NONE) {
            objectHeads.put(object.slot(), next);
        } else {
            objectHeads.remove(object.slot());
            if (object.leave(number)) {
                objects.forget(object);
            }
        }
    }

    /** An entry of the object in this shard, or {@link #NONE}. */
    public int anyOf(TrackedObject object) {
        assert isHeldByCurrentThread();
        // the slot of an object whose last page has gone may already be another's
        return objects.peek(object.slot()) == object ? objectHeads.get(object.slot()) : NONE;
    }

    /** Swings a linked entry to another copy of the same put. */
    public void swing(int entry, Place place) {
        assert isHeldByCurrentThread();
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        dequeue(entry, pool);
        account(entry, pool, -1);
        int tier = EntryDescriptor.tier(entries.meta(entry));
        place.write(entries, entry, Eviction.moved(tier, place.tier(), queues.standing(entry)));
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
        if (stays) {
            place.write(entries, entry, standing);
            int grown = queues.resize(entry, Eviction.classOf(pool, standing), EntryDescriptor.length(before));
            encodedBytes[holding(place.tier(), pool.kind())] += grown;
        } else {
            dequeue(entry, pool);
            account(entry, pool, -1);
            place.write(entries, entry, standing);
            account(entry, pool, 1);
            enqueue(entry, pool);
        }
        entries.stamp(entry, stamp);
    }

    private static void countReplaced(PoolLedger pool, EntryState state) {
        if (state != EntryState.REPLACING) {
            pool.countEnding(state == EntryState.LOST ? Ending.LOST : Ending.REPLACED, state == EntryState.FILLED);
        }
    }

    /** Ends the page of a linked entry and keeps the entry for the put with this stamp. The caller frees the copy. */
    public void markReplacing(int entry, long stamp) {
        assert isHeldByCurrentThread();
        assert entries.stamp(entry) < stamp;
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        EntryState state = stateOf(entry);
        withoutCopy(entry, pool, EntryState.REPLACING);
        entries.stamp(entry, stamp);
        countReplaced(pool, state);
    }

    /** Remembers that the copy of a linked entry is gone or damaged. The caller frees what may be left of it. */
    public void markLost(int entry) {
        assert isHeldByCurrentThread();
        withoutCopy(entry, objects.get(entries.object(entry)).pool(), EntryState.LOST);
    }

    private void withoutCopy(int entry, PoolLedger pool, EntryState state) {
        int standing = queues.standing(entry);
        dequeue(entry, pool);
        account(entry, pool, -1);
        entries.place(entry, 0, 0, EntryDescriptor.meta(state, PageQueues.NO_TIER, 0, 0));
        setStanding(entry, standing);
        account(entry, pool, 1);
    }

    /** Notes a hit that keeps the page of a linked entry. */
    public void markHit(int entry) {
        assert isHeldByCurrentThread();
        int standing = queues.standing(entry);
        PoolLedger pool = objects.get(entries.object(entry)).pool();
        setStanding(entry, eviction.hit(pool, standing));
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
        assert isHeldByCurrentThread();
        return eviction.victim(tier, kind, length, choice);
    }

    /** Hides a page that is about to be moved from those who choose victims, so that nobody else moves it. */
    public void hide(int entry) {
        assert isHeldByCurrentThread();
        requeue(entry, EntryDescriptor.hidden(entries.meta(entry)));
    }

    /** Shows a page whose move was given up. */
    public void unhide(int entry) {
        assert isHeldByCurrentThread();
        requeue(entry, EntryDescriptor.shown(entries.meta(entry)));
    }

    private void requeue(int entry, int newMeta) {
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

    private static int holding(int tier, PageKind kind) {
        return tier * 2 + kind.ordinal();
    }

    private void account(int entry, PoolLedger pool, int sign) {
        int meta = entries.meta(entry);
        int holding = holding(EntryDescriptor.tier(meta), pool.kind());
        pages[holding] += sign;
        encodedBytes[holding] += (long) sign * EntryDescriptor.length(meta);
        rawBytes[holding] += (long) sign * pool.pageSize();
    }

    /** How many pages of this kind could be chosen in this tier; a hint when the lock is not held. */
    public int victims(int tier, PageKind kind, Choice choice) {
        return eviction.victims(tier, kind, choice);
    }

    void addHoldings(int tier, Holdings holdings) {
        for (PageKind kind : PageKind.values()) {
            int holding = holding(tier, kind);
            holdings.add(kind, pages[holding], encodedBytes[holding], rawBytes[holding]);
        }
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
        Invariant.check(seen == countByObject(), "%d entries differ from those by object", seen, 0);
    }

    private int countByObject() {
        int[] count = new int[1];
        objectHeads.forEach((slot, head) -> {
            for (int entry = head; entry != NONE; entry = entries.objectNext(entry)) {
                count[0]++;
            }
        });
        return count[0];
    }
}
