package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.tiering.policy.Standing;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds shards, objects and entries. See the package's description for what may be locked when.
 *
 * <p>Consecutive indexes of an object share a shard in runs of 64.
 */
public final class Directory implements AutoCloseable {
    /** The tier number of pages without a copy: same-filled ones. */
    public static final int WITHOUT_COPY = PageQueues.NO_TIER;

    /** The most tiers a directory tells apart. */
    public static final int TIERS_MAX = PageQueues.NO_TIER;

    /** Memory counted for an entry: itself, its part of the buckets, and two ghosts. */
    public static final int BYTES_PER_ENTRY = EntryDescriptor.BYTES + EntryDescriptor.HEAD_BYTES + 2 * Short.BYTES;

    /** Of an entry, the bits that serve the choice of victims: its links in the queue, and its standing. */
    public static final int POLICY_BITS_PER_ENTRY = 2 * EntryDescriptor.LINK_BITS + EntryDescriptor.STANDING_BITS;

    private static final int SHARDS_MAX = 64;

    /** More shards than this for each processor only spread what a processor keeps in its cache. */
    private static final int SHARDS_PER_PROCESSOR = 8;

    private static final int PAGES_PER_SHARD_MIN = 1024;

    private final DirectoryMemory memory = new DirectoryMemory();
    private volatile int entriesMax;
    private final AtomicInteger entriesTaken = new AtomicInteger();
    private final ObjectTable objects = new ObjectTable();
    private final PoolSlots pools = new PoolSlots();
    private final Shard[] shards;
    private final int shardShift;
    private final PoolRanking ranking;
    private final Fences fences;

    /**
     * An empty directory.
     *
     * @param entriesMax the most pages it holds, at least 1
     * @param pagesExpected how many pages the chain is likely to hold
     * @param processors how many threads are likely to be at work at once; both decide the number of shards
     */
    public Directory(int entriesMax, long pagesExpected, int processors) {
        int most = (int) Math.min(SHARDS_MAX, (long) SHARDS_PER_PROCESSOR * processors);
        long wanted = Math.clamp(pagesExpected / PAGES_PER_SHARD_MIN, 1, most);
        this.entriesMax = entriesMax;
        shards = new Shard[(int) Long.highestOneBit(wanted)];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new Shard(i, objects, pools, memory, shards);
        }
        fences = new Fences(shards.length);
        shardShift = Long.SIZE - Integer.numberOfTrailingZeros(shards.length);
        ranking = new PoolRanking(shards, pools);
    }

    /**
     * Opens a pool. End with {@link #leave}.
     *
     * @param seed what its key hashes start from
     */
    public PoolLedger open(PoolConfig config, long seed) {
        return pools.open(config, seed);
    }

    /**
     * Opens a blob pool. End with {@link #leave}, of both kinds.
     *
     * @param seed what its key hashes start from
     * @return the ledger of its ephemeral values, whose {@linkplain PoolLedger#twin twin} is that of the persistent ones
     */
    public PoolLedger openBlobs(PoolConfig config, long seed) {
        return pools.openBlobs(config, seed);
    }

    /** Forgets a pool whose ledger has been marked closed, when the last of its pages is reclaimed. Once for each pool. */
    public void leave(PoolLedger pool) {
        assert pool.isClosed() : "puts could still link";
        for (Shard shard : shards) {
            shard.lock();
            try {
                shard.tenants().leaveIfDone(pool);
            } finally {
                shard.unlock();
            }
        }
        pools.leave(pool);
    }

    /** Which pool gives the next victim. */
    public PoolRanking ranking() {
        return ranking;
    }

    /** Everything that is counted of a pool and its twin. */
    public PoolStats stats(PoolLedger pool) {
        return pool.stats(pool.hasQuota() ? pool.chargedBytes() : bytesOf(pool));
    }

    private long bytesOf(PoolLedger pool) {
        PoolLedger twin = pool.twin();
        return encodedBytes(pool) + (twin == null ? 0 : encodedBytes(twin));
    }

    private long encodedBytes(PoolLedger pool) {
        return sum(shard -> {
            Eviction tenant = shard.tenants().find(pool);
            return tenant == null ? 0 : tenant.encodedBytes();
        });
    }

    /** Adds up what all shards have, each under its lock. */
    private long sum(ToLongFunction<Shard> count) {
        long sum = 0;
        for (Shard shard : shards) {
            shard.lock();
            try {
                sum += count.applyAsLong(shard);
            } finally {
                shard.unlock();
            }
        }
        return sum;
    }

    /** The shard of a page. */
    public Shard shardOf(TrackedObject object, long index) {
        return shardOf(object.hash(), index);
    }

    private Shard shardOf(long objectHash, long index) {
        return shards.length == 1 ? shards[0] : shards[(int) (Hashing.run(objectHash, index) >>> shardShift)];
    }

    /** The shard of a page, which need not have an object here. */
    public Shard shardOf(PoolLedger pool, ObjectId id, long index) {
        return shardOf(Hashing.object(pool.seed(), id), index);
    }

    /** What is known of the last changes of keys. */
    public Fences fences() {
        return fences;
    }

    /** The number of shards. */
    public int shardCount() {
        return shards.length;
    }

    /** A shard by number. */
    public Shard shard(int number) {
        return shards[number];
    }

    /** The shard with the most possible victims of a pool, as far as can be told without locking; null if none seems to have any. */
    public @Nullable Shard fullest(PoolLedger pool, int tier, Choice choice) {
        Shard fullest = null;
        int most = 0;
        for (Shard shard : shards) {
            int victims = shard.victims(pool, tier, choice);
            if (victims > most) {
                most = victims;
                fullest = shard;
            }
        }
        return fullest;
    }

    /** The attached object of this id, or null. */
    public @Nullable TrackedObject find(PoolLedger pool, ObjectId id) {
        return objects.find(pool, id);
    }

    /**
     * Without a lock: whether at a moment during this call there was no page of this index under the number, which was
     * attached.
     *
     * @return false also if that cannot be told
     */
    public boolean isAbsent(TrackedObject object, long index) {
        Buckets buckets = shardOf(object, index).buckets();
        return buckets.lacks(Hashing.page(object.hash(), index), object.slot(), index) && object.isAttached();
    }

    /** The attached object of this id, new if need be. Link a page or {@link #retireIfUnused}. */
    public TrackedObject acquire(PoolLedger pool, ObjectId id) {
        return objects.acquire(pool, id);
    }

    /** Forgets an object that turned out to have no pages. */
    public void retireIfUnused(TrackedObject object) {
        if (object.retireIfUnused()) {
            objects.forget(object);
        }
    }

    /**
     * The entry of a blob's key among the values of the other kind, or {@link Shard#NONE}; of a page there is none. A key
     * has an entry of one kind at most: who links one unlinks the other under the same lock, which is held here.
     */
    public int twinOf(Shard shard, TrackedObject object, long index) {
        PoolLedger twin = object.pool().twin();
        return twin == null ? Shard.NONE : find(shard, twin, object.id(), index);
    }

    /** The entry of a key in its shard, which is locked: under this number, or {@linkplain #twinOf in the twin}; or none. */
    public int entryOf(Shard shard, TrackedObject object, long index) {
        int entry = object.isAttached() ? shard.find(object, index) : Shard.NONE;
        return entry == Shard.NONE ? twinOf(shard, object, index) : entry;
    }

    /** The entry of a page in its shard, which is locked, under an attached number; or {@link Shard#NONE}. */
    public int find(Shard shard, PoolLedger pool, ObjectId id, long index) {
        TrackedObject object = objects.find(pool, id);
        return object == null ? Shard.NONE : shard.find(object, index);
    }

    /** Detaches the object: from now on nothing under its number can be read or put. Returns whether it was attached. */
    public boolean detach(TrackedObject object) {
        if (!object.detach()) {
            return false;
        }
        object.pool().objects().remove(object.id(), object);
        if (object.shards() == 0) {
            objects.forget(object);
        }
        return true;
    }

    /**
     * Finds the page of a copy by the owner the copy was stored with, looks at it, and hides it from those who choose
     * victims.
     *
     * @return false if no entry names that copy at this moment
     */
    public boolean hideOwner(int entry, int tier, long locator, Look look) {
        int number = EntryTable.shardOf(entry);
        if (number < 0 || number >= shards.length || !shards[number].entries().owns(entry)) {
            return false;
        }
        Shard shard = shards[number];
        shard.lock();
        try {
            if (!shard.isLinked(entry)) {
                return false;
            }
            shard.look(entry, look);
            if (look.state() != EntryState.STORED || look.tier() != tier || look.locator() != locator) {
                return false;
            }
            shard.hide(entry);
            return true;
        } finally {
            shard.unlock();
        }
    }

    /** Takes an entry for a page of the shard, or returns {@link Shard#NONE} when the directory is full. */
    public int take(Shard shard) {
        int taken = entriesTaken.get();
        while (taken < entriesMax) { // never above, so that nobody is refused an entry that is free
            if (entriesTaken.compareAndSet(taken, taken + 1)) {
                return takeCounted(shard);
            }
            taken = entriesTaken.get();
        }
        return Shard.NONE;
    }

    private int takeCounted(Shard shard) {
        boolean taken = false;
        try {
            int entry = shard.entries().take();
            taken = entry != Shard.NONE;
            return entry;
        } finally {
            if (!taken) {
                entriesTaken.decrementAndGet();
            }
        }
    }

    /** Gives an entry back that is linked nowhere. */
    public void give(int entry) {
        entriesOf(entry).give(entry);
        entriesTaken.decrementAndGet();
    }

    /**
     * Exchanges an entry that is linked nowhere for one of the shard, so that nobody else takes it meanwhile.
     *
     * @return the entry, or {@link Shard#NONE} if the shard can have no more of them
     */
    public int exchange(int entry, Shard shard) {
        if (EntryTable.shardOf(entry) == shard.number()) {
            return entry;
        }
        entriesOf(entry).give(entry);
        return takeCounted(shard);
    }

    private EntryTable entriesOf(int entry) {
        return shards[EntryTable.shardOf(entry)].entries();
    }

    /** Fills in an entry that is linked nowhere, but for its stamp: it has none until it is linked. */
    public void fillIn(int entry, TrackedObject object, long index, Place place) {
        EntryTable entries = entriesOf(entry);
        entries.key(entry, object.slot(), index);
        place.write(entries, entry, Standing.NEWCOMER);
    }

    /** What one tier holds. */
    public Holdings holdings(int tier) {
        Holdings holdings = new Holdings();
        for (Shard shard : shards) {
            shard.lock();
            try {
                shard.holdings().addTo(holdings, tier);
            } finally {
                shard.unlock();
            }
        }
        return holdings;
    }

    /** Entries in use. */
    public long size() {
        return sum(shard -> shard.buckets().size());
    }

    /** Changes how many entries there may be; those in use above it stay until their pages go. */
    public void resize(int newEntriesMax) {
        entriesMax = newEntriesMax;
    }

    /** The most entries there may be. */
    public int entriesMax() {
        return entriesMax;
    }

    /** Memory held now, outside of the Java heap and in it. */
    public long bytes() {
        return sum(Shard::bytes);
    }

    /** Of {@link #bytes}, those that remember pages that are gone. */
    public long ghostBytes() {
        return sum(shard -> shard.tenants().ghostBytes());
    }

    /** Walks everything; throws {@link AssertionError} on a broken invariant. No operation may be under way. */
    public void checkInvariants() {
        for (Shard shard : shards) {
            shard.lock();
            try {
                shard.checkInvariants(this);
                int most = shard.visits().most();
                Invariant.check(
                        most <= Visits.VISITS_MAX,
                        "%d entries passed by under one lock, at shard %d",
                        most,
                        shard.number());
                shard.visits().forget();
            } finally {
                shard.unlock();
            }
        }
        int tracked = pools.checkedObjects(this::bytesOf);
        Invariant.check(tracked == objects.size(), "%d tracked objects, %d slots", tracked, objects.size());
        Invariant.check(size() == entriesTaken.get(), "%d entries linked, %d taken", size(), entriesTaken.get());
    }

    /** The most entries passed by while one lock was held; counted only where assertions are on. */
    public int longestHold() {
        int longest = 0;
        for (Shard shard : shards) {
            longest = Math.max(longest, shard.visits().most());
        }
        return longest;
    }

    /** Gives all memory back. No operation may be under way. */
    @Override
    public void close() {
        memory.close();
    }
}
