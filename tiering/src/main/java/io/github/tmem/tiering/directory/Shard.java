package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.tiering.policy.Standing;
import java.io.Serial;
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

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient int number;
    private final transient EntryTable entries;
    private final transient ObjectTable objects;
    private final transient Buckets buckets;
    private final transient Tenants tenants;
    private final transient ObjectPages objectPages;
    private final transient ShardHoldings holdings = new ShardHoldings();

    Shard(int number, ObjectTable objects, PoolSlots pools, DirectoryMemory memory, PatientLock[] shards) {
        super(shards);
        this.number = number;
        this.entries = new EntryTable(number, memory, visits());
        this.objects = objects;
        this.buckets = new Buckets(entries, this::hashOf, memory.smallPages());
        this.objectPages = new ObjectPages(number, entries, objects);
        this.tenants = new Tenants(entries, pools);
    }

    long hashOf(int entry) {
        return Hashing.page(objects.get(entries.object(entry)).hash(), entries.index(entry));
    }

    EntryTable entries() {
        return entries;
    }

    Buckets buckets() {
        return buckets;
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
        while (entry != NONE && !entries.isOf(entry, slot, index)) {
            entry = buckets.next(entry);
        }
        return entry;
    }

    /** Asks, without the lock, for the memory that {@link #glimpse} is going to read. */
    public void prefetch(TrackedObject object, long index) {
        buckets.prefetch(Hashing.page(object.hash(), index));
    }

    /**
     * Notes, without the lock, what the entry of a page seems to say. Any field may be out of date or a mixture, and an entry
     * may be overlooked: only {@link #stillHolds} can tell.
     *
     * @return the entry, or {@link #NONE} if none was seen
     */
    public int glimpse(TrackedObject object, long index, Look look) {
        int entry = buckets.glimpseFirst(Hashing.page(object.hash(), index));
        for (int steps = 0; steps < Buckets.GLIMPSES_MAX && entries.owns(entry); steps++) {
            if (entries.isOf(entry, object.slot(), index)) {
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
     * @return false if the entry says something else
     */
    public boolean stillHoldsUnlocked(Look look) {
        VarHandle.acquireFence(); // the copy was read before
        return isAsSeen(look);
    }

    /** Everything is compared, for the look may have been a {@linkplain #glimpse} at an entry on its way to another key. */
    private boolean isAsSeen(Look look) {
        int entry = look.entry();
        return entries.stamp(entry) == look.stamp()
                && entries.locator(entry) == look.locator()
                && look.isSameCopy(entries.meta(entry))
                && entries.crc(entry) == look.crc()
                && entries.isOf(entry, look.object().slot(), look.index())
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
     * Links an entry that has been filled in, and charges its pool's quota with the difference it makes.
     *
     * @param older the key's older entry, which the caller {@linkplain #unlinkOlder unlinks} next, or {@link #NONE}; perhaps in
     *     the twin of its pool, whose quota is the same
     * @return anything but {@link Linking#LINKED} with nothing changed
     */
    public Linking link(int entry, long stamp, TrackedObject object, int older) {
        assert isHeldByCurrentThread();
        if (!object.isAttached()) {
            return Linking.DETACHED;
        }
        buckets.makeRoom(); // what may fail for want of memory comes before the first change
        PoolLedger pool = object.pool();
        Eviction tenant = tenants.enter(pool);
        int meta = entries.meta(entry);
        tenant.makeRoom(EntryDescriptor.tier(meta));
        int length = EntryDescriptor.length(meta);
        int difference = length - (older == NONE ? 0 : lengthOf(older));
        int more = Math.max(0, difference);
        if (!pool.charge(more)) {
            return Linking.OVER_QUOTA;
        }
        boolean added = false;
        try {
            added = objectPages.add(entry, object);
        } finally {
            pool.release(added ? more - difference : more);
        }
        if (!added) {
            return Linking.DETACHED;
        }
        long hash = Hashing.page(object.hash(), entries.index(entry));
        buckets.add(entry, hash);
        int standing = older != NONE && tenantOf(older) == tenant
                ? tenant.replace(entries.standing(older))
                : tenant.admit(hash, length);
        entries.standing(entry, standing);
        holdings.count(meta, pool, 1);
        tenant.link(entry);
        pool.countStored(EntryDescriptor.state(meta) == EntryState.FILLED);
        entries.link(entry, stamp, older); // from here on a glimpse can tell of it
        return Linking.LINKED;
    }

    /** The bytes of a linked entry that its pool's quota is charged with. */
    public int lengthOf(int entry) {
        return EntryDescriptor.length(entries.meta(entry));
    }

    private Eviction tenantOf(int entry) {
        assert isHeldByCurrentThread();
        return tenants.of(objects.get(entries.object(entry)).pool());
    }

    /** Unlinks an entry and counts how its page ended. The caller then frees the copy and gives the entry back. */
    public void unlink(int entry, Ending ending) {
        take(entry, ending).release(lengthOf(entry));
    }

    /** Unlinks the older entry of a key whose successor has been {@linkplain #link linked}, with its charge. */
    public void unlinkOlder(int entry) {
        take(entry, Ending.REPLACED);
    }

    private PoolLedger take(int entry, Ending ending) {
        assert isHeldByCurrentThread();
        TrackedObject object = objects.get(entries.object(entry));
        PoolLedger pool = object.pool();
        int meta = entries.meta(entry);
        long hash = Hashing.page(object.hash(), entries.index(entry));
        Eviction tenant = tenants.of(pool);
        tenant.dequeue(entry);
        holdings.count(meta, pool, -1);
        tenant.ended(ending, hash, entries.standing(entry));
        pool.countEnding(ending, EntryDescriptor.state(meta));
        buckets.remove(entry, hash);
        entries.clearStamp(entry);
        objectPages.remove(entry, object);
        tenant.unlink();
        tenants.leaveIfDone(pool);
        return pool;
    }

    /** An entry of the object in this shard, or {@link #NONE}. */
    public int anyOf(TrackedObject object) {
        return objectPages.any(object);
    }

    /**
     * Swings a linked entry to another copy of the same put.
     *
     * @return false, with nothing changed, if the copy is longer and the pool's quota has no room for that
     */
    public boolean swing(int entry, Place place) {
        return moveTo(entry, place, entries.standing(entry));
    }

    /** As {@link #swing}, to a tier farther down: there the page's hits are counted anew. */
    public boolean sink(int entry, Place place) {
        return moveTo(entry, place, Standing.withCredit(entries.standing(entry), 0));
    }

    private boolean moveTo(int entry, Place place, int standing) {
        Eviction tenant = tenantOf(entry);
        tenant.makeRoom(place.tier());
        if (!tenant.pool().charge(place.length() - lengthOf(entry))) {
            return false;
        }
        long stamp = entries.stamp(entry);
        entries.clearStamp(entry);
        write(entry, tenant, place, standing);
        entries.stamp(entry, stamp);
        return true;
    }

    /**
     * Swings a linked entry to a later put of its key: the older page ends. The entry keeps its place in the queue if
     * the page stays in its tier. The caller frees the older copy.
     *
     * @return false, with nothing changed, if the pool's quota has no room for the difference
     */
    public boolean overwrite(int entry, long stamp, Place place) {
        assert entries.stamp(entry) <= stamp || Stamps.isToken(entries.stamp(entry));
        Eviction tenant = tenantOf(entry);
        tenant.makeRoom(place.tier());
        PoolLedger pool = tenant.pool();
        int before = entries.meta(entry);
        if (!pool.charge(place.length() - EntryDescriptor.length(before))) {
            return false;
        }
        int standing = tenant.replace(entries.standing(entry));
        pool.countOverwritten(EntryDescriptor.state(before), !place.hasCopy());
        boolean stays = tenant.isQueued(entry)
                && EntryDescriptor.tier(before) == place.tier()
                && !EntryDescriptor.isHidden(before);
        entries.clearStamp(entry);
        if (stays) {
            place.write(entries, entry, standing);
            int grown = tenant.resize(entry, EntryDescriptor.length(before));
            holdings.grow(place.tier(), pool, grown);
        } else {
            write(entry, tenant, place, standing);
        }
        entries.stamp(entry, stamp);
        return true;
    }

    private void write(int entry, Eviction tenant, Place place, int standing) {
        tenant.dequeue(entry);
        holdings.count(entries.meta(entry), tenant.pool(), -1);
        place.write(entries, entry, standing);
        holdings.count(entries.meta(entry), tenant.pool(), 1);
        tenant.enqueue(entry);
    }

    /** Ends the page of a linked entry and keeps the entry for the put with this stamp. The caller frees the copy. */
    public void markReplacing(int entry, long stamp) {
        assert entries.stamp(entry) < stamp || Stamps.isToken(entries.stamp(entry));
        EntryState state = stateOf(entry);
        Eviction tenant = tenantOf(entry);
        withoutCopy(entry, stamp, tenant, EntryState.REPLACING);
        tenant.pool().countEnding(Ending.REPLACED, state);
    }

    /** Remembers that the copy of a linked entry is gone or damaged. The caller frees what may be left of it. */
    public void markLost(int entry) {
        withoutCopy(entry, entries.stamp(entry), tenantOf(entry), EntryState.LOST);
    }

    /** What gives way to its successor stays charged: only the difference has to fit when that comes. */
    private void withoutCopy(int entry, long stamp, Eviction tenant, EntryState state) {
        int charged = state == EntryState.REPLACING ? lengthOf(entry) : 0;
        tenant.pool().release(lengthOf(entry) - charged);
        tenant.dequeue(entry);
        holdings.count(entries.meta(entry), tenant.pool(), -1);
        entries.clearStamp(entry);
        int meta = EntryDescriptor.meta(state, PageQueues.NO_TIER, 0, charged);
        entries.place(entry, 0, 0, EntryDescriptor.withStanding(meta, entries.standing(entry)));
        entries.stamp(entry, stamp);
        holdings.count(entries.meta(entry), tenant.pool(), 1);
    }

    /** Notes a hit that keeps the page that was seen, if it is still there. Needs no lock: one of two at a time may be forgotten. */
    public void noteHit(Look look) {
        int entry = look.entry();
        int standing = entries.standing(entry);
        if (Standing.credit(standing) < Standing.CREDIT_MAX && entries.stamp(entry) == look.stamp()) {
            entries.credit(entry, Standing.credit(tenants.hit(look.object().pool(), standing)));
        }
    }

    /** Notes a miss in a pool that {@linkplain PoolLedger#learnsFromMisses learns} from it. */
    public void markMissed(TrackedObject object, long index) {
        markMissed(object.pool(), Hashing.page(object.hash(), index));
    }

    /** The same for an object that has no number. */
    public void markMissed(PoolLedger pool, ObjectId id, long index) {
        markMissed(pool, Hashing.page(Hashing.object(pool.seed(), id), index));
    }

    private void markMissed(PoolLedger pool, long hash) {
        assert isHeldByCurrentThread();
        Eviction tenant = tenants.find(pool);
        if (tenant != null) {
            tenant.missed(hash);
        }
    }

    /**
     * Chooses the next page of a pool in a tier to give way, preferring among those next in line one whose copy is at least
     * as long as {@code length} and not much longer.
     *
     * @param tier a tier number, or {@link Directory#WITHOUT_COPY}
     * @return its entry, or {@link #NONE}
     */
    public int victim(PoolLedger pool, int tier, int length, Choice choice) {
        assert isHeldByCurrentThread();
        Eviction tenant = tenants.find(pool);
        return tenant == null ? NONE : tenant.victim(tier, length, choice);
    }

    /** Hides a page that is about to be moved from those who choose victims, so that nobody else moves it. */
    public void hide(int entry) {
        tenantOf(entry).requeue(entry, EntryDescriptor.hidden(entries.meta(entry)));
    }

    /** Shows a page whose move was given up. */
    public void unhide(int entry) {
        tenantOf(entry).requeue(entry, EntryDescriptor.shown(entries.meta(entry)));
    }

    /** How many pages of a pool could be chosen in this tier; a hint when the lock is not held. */
    public int victims(PoolLedger pool, int tier, Choice choice) {
        Eviction tenant = tenants.find(pool);
        return tenant == null ? 0 : tenant.victims(tier, choice);
    }

    Tenants tenants() {
        return tenants;
    }

    ShardHoldings holdings() {
        return holdings;
    }

    long bytes() {
        return entries.bytes() + buckets.bytes() + tenants.memoryBytes();
    }

    /** Walks the whole shard; throws {@link AssertionError} on a broken invariant. Nothing may be on the move. */
    void checkInvariants(Directory directory) {
        new ShardWalk(entries, objects, buckets, objectPages, tenants).check(this, directory);
    }
}
