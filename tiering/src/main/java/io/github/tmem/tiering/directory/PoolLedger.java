package io.github.tmem.tiering.directory;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One pool from open to destroy: its settings, its objects, and the count of everything that happened to its pages
 * (L11). A pool opened again under the same name has a new ledger, so nothing of the old one can reach it. Thread-safe.
 */
public final class PoolLedger {
    /** In the place of the slot of a twin: the pool has pages of one size and kind. */
    static final int NO_TWIN = -1;

    private final PoolConfig config;
    private final PageKind kind;
    private final int pageSize;
    private final long indexLast;
    private final long seed;
    private final int slot;
    private final @Nullable PoolLedger twin;
    private final @Nullable Quota quota;
    private final ConcurrentHashMap<ObjectId, TrackedObject> objects = new ConcurrentHashMap<>();
    private final LongAdder pages;
    private final LongAdder sameFilled;
    private final LongAdder lostPages;
    private final LongAdder stored;
    private final LongAdder[] gets;
    private final LongAdder[] endings;
    private final LongAdder[] refusals;
    private final AtomicInteger reasonsSeen;
    private volatile boolean closed;
    private volatile boolean frozen;
    private volatile @Nullable Journal journal;

    /**
     * A new, empty pool.
     *
     * @param seed what its key hashes start from
     * @param slot under which shards find what they keep for the pool
     */
    PoolLedger(PoolConfig config, long seed, int slot) {
        this(config, seed, slot, NO_TWIN);
    }

    /**
     * A new, empty pool: of pages, or of the ephemeral values of a blob pool, whose persistent ones are in its twin.
     *
     * @param twinSlot the slot of the twin, or {@link #NO_TWIN} for a pool of pages
     */
    PoolLedger(PoolConfig config, long seed, int slot, int twinSlot) {
        this.config = config;
        this.kind = config.write() == WriteMode.THROUGH ? PageKind.EPHEMERAL : config.kind();
        this.pageSize = twinSlot == NO_TWIN ? config.pageSize() : PoolStats.ANY_LENGTH;
        this.indexLast = config.indexes() - 1; // all ones for all indexes
        this.seed = seed;
        this.slot = slot;
        this.quota = config.quota() == null ? null : new Quota(config.quota().bytes());
        pages = new LongAdder();
        sameFilled = new LongAdder();
        lostPages = new LongAdder();
        stored = new LongAdder();
        gets = adders(GetResult.values().length);
        endings = adders(Ending.values().length);
        refusals = adders(Refusal.values().length);
        reasonsSeen = new AtomicInteger();
        twin = twinSlot == NO_TWIN ? null : new PoolLedger(this, twinSlot);
    }

    /** The persistent values of a blob pool: the same key has the same shard and hash, and counts and quota are the same. */
    private PoolLedger(PoolLedger ephemeral, int slot) {
        config = ephemeral.config;
        kind = PageKind.PERSISTENT;
        pageSize = ephemeral.pageSize;
        indexLast = ephemeral.indexLast;
        seed = ephemeral.seed;
        this.slot = slot;
        quota = ephemeral.quota;
        pages = ephemeral.pages;
        sameFilled = ephemeral.sameFilled;
        lostPages = ephemeral.lostPages;
        stored = ephemeral.stored;
        gets = ephemeral.gets;
        endings = ephemeral.endings;
        refusals = ephemeral.refusals;
        reasonsSeen = ephemeral.reasonsSeen;
        twin = ephemeral;
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /** The settings the pool was opened with. */
    public PoolConfig config() {
        return config;
    }

    /**
     * What the chain may do with the pool's pages. Those of a write-through pool live below too, and so are ephemeral here,
     * although callers know the pool as persistent.
     */
    public PageKind kind() {
        return kind;
    }

    /** Whether the callers also write each page below. */
    public WriteMode write() {
        return config.write();
    }

    /** Whether the pool has pages of this index. */
    public boolean hasIndex(long index) {
        return Long.compareUnsigned(index, indexLast) <= 0;
    }

    /** Whether a hit removes the page. */
    public boolean isExclusive() {
        return config.getMode() == GetMode.EXCLUSIVE;
    }

    /** Whether a miss tells the eviction policy something: that an absent page was wanted. */
    public boolean learnsFromMisses() {
        return kind() == PageKind.EPHEMERAL && isExclusive();
    }

    /** The size of its pages in bytes; {@link PoolStats#ANY_LENGTH} for values of any length. */
    public int pageSize() {
        return pageSize;
    }

    /** The longest copy of a page. */
    public int lengthMax() {
        return pageSize == PoolStats.ANY_LENGTH ? BlobPool.LENGTH_MAX : pageSize;
    }

    /** The bytes of a page whose copy has this length. */
    int rawLength(int length) {
        return pageSize == PoolStats.ANY_LENGTH ? length : pageSize;
    }

    /** Whether it holds the values of one kind of a blob pool, and its {@link #twin} those of the other. */
    public boolean holdsBlobs() {
        return twin != null;
    }

    /** The values of the other kind of the same blob pool; null for a pool of pages. */
    public @Nullable PoolLedger twin() {
        return twin;
    }

    /** Whether the pool has been destroyed: from then on no put swings into it. */
    public boolean isClosed() {
        return closed;
    }

    /** Marks the pool destroyed. Returns whether it was open. */
    public synchronized boolean markClosed() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }

    /** Whether the pool takes no page for now. */
    public boolean isFrozen() {
        return frozen;
    }

    /** From now on the pool takes no page. */
    public void freeze() {
        frozen = true;
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        frozen = false;
    }

    /** What is told of keys that change, or null. */
    public @Nullable Journal journal() {
        return journal;
    }

    /** From now on this journal is told of keys that change; false if there is one. */
    public synchronized boolean openJournal(Journal fresh) {
        if (journal != null) {
            return false;
        }
        journal = fresh;
        return true;
    }

    /** Ends {@link #openJournal} of this journal, if it has not ended. */
    public synchronized void closeJournal(Journal known) {
        if (journal == known) {
            journal = null;
        }
    }

    /** A live view of the objects that have, or are about to have, pages. */
    public Collection<TrackedObject> trackedObjects() {
        return Collections.unmodifiableCollection(objects.values());
    }

    ConcurrentHashMap<ObjectId, TrackedObject> objects() {
        return objects;
    }

    long seed() {
        return seed;
    }

    int slot() {
        return slot;
    }

    /** How large a share of each tier the pool is entitled to beside others of its kind, at least 1. */
    public int weight() {
        return kind == PageKind.EPHEMERAL ? config.weight() : PoolConfig.WEIGHT_DEFAULT; // of blobs the twin's
    }

    /** Whether the pool's encoded bytes are limited. */
    public boolean hasQuota() {
        return quota != null;
    }

    /** Whether the quota, if there is one, has room for so many more encoded bytes at this moment. */
    public boolean hasRoomFor(int difference) {
        return quota == null || quota.hasRoomFor(difference);
    }

    /** Charges the quota, if there is one, with a difference; false, with nothing changed, if that does not fit. */
    boolean charge(int difference) {
        return quota == null || quota.charge(difference);
    }

    /** Takes bytes of an entry that ended off the quota, if there is one. */
    void release(int length) {
        if (quota != null) {
            quota.release(length);
        }
    }

    /** What the quota is charged with: the encoded bytes of all entries; 0 without a quota. */
    long chargedBytes() {
        return quota == null ? 0 : quota.bytes();
    }

    /** Counts a put that stored a page. */
    void countStored(boolean filled) {
        stored.increment();
        pages.increment();
        if (filled) {
            sameFilled.increment();
        }
    }

    /** Counts a put that stored a page in the entry of another, which ended unless it had ended before. */
    void countOverwritten(EntryState before, boolean filled) {
        if (before == EntryState.REPLACING) {
            countStored(filled);
            return;
        }
        stored.increment();
        endings[ended(Ending.REPLACED, before).ordinal()].increment();
        boolean wasFilled = before == EntryState.FILLED;
        if (wasFilled != filled) {
            sameFilled.add(filled ? 1 : -1);
        }
        if (before == EntryState.LOST) {
            lostPages.decrement();
        }
    }

    private static Ending ended(Ending ending, EntryState state) {
        return state == EntryState.LOST ? Ending.LOST : ending;
    }

    /** Counts a put that reports stored although another operation, which ended it, came after it. */
    public void countOvertaken(Ending ending) {
        stored.increment();
        endings[ending.ordinal()].increment();
    }

    /** Counts how the page of an entry in this state ended; one that is being replaced has ended before. */
    void countEnding(Ending ending, EntryState state) {
        if (state == EntryState.REPLACING) {
            return;
        }
        endings[ended(ending, state).ordinal()].increment();
        pages.decrement();
        if (state == EntryState.FILLED) {
            sameFilled.decrement();
        } else if (state == EntryState.LOST) {
            lostPages.decrement();
        }
    }

    /** Counts a page that is held on as lost. The caller has the lock under which its entry was marked. */
    public void countLost() {
        lostPages.increment();
    }

    /** Counts a refused put. */
    public void countRefused(Refusal reason) {
        refusals[reason.ordinal()].increment();
    }

    /** Whether no put was refused for this reason before; true only once for each. */
    public boolean isFirstRefusal(Refusal reason) {
        int bit = 1 << reason.ordinal();
        return (reasonsSeen.get() & bit) == 0 && (reasonsSeen.getAndUpdate(seen -> seen | bit) & bit) == 0;
    }

    /** Counts a get. */
    public void count(GetResult result) {
        gets[result.ordinal()].increment();
    }

    /** The pages held now. */
    public long pages() {
        return pages.sum();
    }

    /**
     * All counts; twins have them together.
     *
     * @param encodedBytes those of the copies of the pool and of its twin, as their directory counts them
     */
    PoolStats stats(long encodedBytes) {
        Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
        for (Refusal reason : Refusal.values()) {
            if (refusals[reason.ordinal()].sum() > 0) {
                refused.put(reason, refusals[reason.ordinal()].sum());
            }
        }
        return new PoolStats(
                config.name(),
                config.kind(),
                pageSize,
                pages.sum(),
                sameFilled.sum(),
                lostPages.sum(),
                stored.sum(),
                refused,
                got(GetResult.HIT),
                got(GetResult.MISS),
                got(GetResult.UNAVAILABLE),
                ended(Ending.FLUSHED),
                ended(Ending.EVICTED),
                ended(Ending.TAKEN),
                ended(Ending.REPLACED),
                ended(Ending.LOST),
                ended(Ending.DROPPED),
                got(GetResult.LOST),
                encodedBytes,
                quota == null ? 0 : quota.bytesMax(),
                weight());
    }

    private long got(GetResult result) {
        return gets[result.ordinal()].sum();
    }

    private long ended(Ending ending) {
        return endings[ending.ordinal()].sum();
    }
}
