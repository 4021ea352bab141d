package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Holdings;
import io.github.tmem.tiering.directory.Journal;
import io.github.tmem.tiering.directory.PageScan;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.TrackedObject;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chain of tiers behind one directory. Thread-safe. The caller has checked arguments and pool state; a pool that is
 * closed meanwhile is noticed in the swing.
 */
public final class Chain implements AutoCloseable {
    private final String name;
    private final ChainParts parts;
    private final Codecs codecs;
    private final Putter putter;
    private final Getter getter;
    private final Flusher flusher;
    private final Blobs blobs;
    private final Upkeep upkeep;
    private final TierChanges changes;

    Chain(String name, ChainParts parts, Codecs codecs, Maintenance maintenance, Surroundings surroundings) {
        this.name = name;
        this.parts = parts;
        this.codecs = codecs;
        DeadPages deadPages = new DeadPages(parts);
        Mover mover = new Mover(parts);
        Victims victims = new Victims(parts, mover);
        RoomMaker roomMaker = new RoomMaker(parts, victims, mover);
        SlowDemoter slowDemoter = new SlowDemoter(victims, mover, parts.sampler(), codecs);
        upkeep = new Upkeep(parts, victims, roomMaker, maintenance, slowDemoter);
        Offers offers = new Offers(parts.tiers(), deadPages, roomMaker, upkeep);
        putter = new Putter(parts, deadPages, victims, offers, upkeep);
        getter = new Getter(parts, mover);
        flusher = new Flusher(parts, deadPages);
        blobs = new Blobs(parts, new Blobs.Workers(putter, getter, flusher, deadPages));
        changes = new TierChanges(name, parts, codecs, upkeep, new Movers(mover, victims, roomMaker), surroundings);
        maintenance.add(upkeep::run);
    }

    /**
     * Opens a pool. End with {@link #destroy}.
     *
     * @param seed what its key hashes start from
     */
    public PoolLedger open(PoolConfig config, long seed) {
        return parts.directory().open(config, seed);
    }

    /** What is done with pools of values. */
    public Blobs blobs() {
        return blobs;
    }

    /** What a pool holds and has done. */
    public PoolStats poolStats(PoolLedger pool) {
        return parts.directory().stats(pool);
    }

    /** Stores a page of the pool's page size. */
    public PutResult put(PoolLedger pool, ObjectId object, long index, MemorySegment page) {
        try {
            return putter.put(pool, object, index, page);
        } finally {
            note(pool, object, index);
        }
    }

    /** Stores a page of the pool's page size. */
    public PutResult put(PoolLedger pool, ObjectId object, long index, byte[] page) {
        try {
            return putter.put(pool, object, index, page);
        } finally {
            note(pool, object, index);
        }
    }

    /** A token for {@link #fill}, to be taken before the page is read from its source. */
    public long fillToken(PoolLedger pool, ObjectId object, long index) {
        return putter.fillToken(pool, object, index);
    }

    /** Stores a page of the pool's page size, unless the key has changed since the token was taken. */
    public PutResult fill(PoolLedger pool, ObjectId object, long index, MemorySegment page, long token) {
        try {
            return putter.fill(pool, object, index, page, token);
        } finally {
            note(pool, object, index);
        }
    }

    /** An operation that may have changed a key tells the journal, if there is one, whatever its end. */
    private static void note(PoolLedger pool, ObjectId object, long index) {
        Journal journal = pool.journal();
        if (journal != null) {
            journal.note(object, index);
        }
    }

    /** Fetches a page into a writable segment of the pool's page size, which is written only on a hit. */
    public GetResult get(PoolLedger pool, ObjectId object, long index, MemorySegment destination) {
        return get(pool, object, index, destination, Reading.of(pool));
    }

    /** Fetches a page as {@link #get(PoolLedger, ObjectId, long, MemorySegment)}, and removes it in a pool of either mode. */
    public GetResult take(PoolLedger pool, ObjectId object, long index, MemorySegment destination) {
        return get(pool, object, index, destination, Reading.TAKE);
    }

    private GetResult get(PoolLedger pool, ObjectId object, long index, MemorySegment destination, Reading reading) {
        GetResult result = GetResult.HIT; // whatever is thrown, the page may be gone
        try {
            result = getter.get(pool, object, index, destination, reading);
            return result;
        } finally {
            noteTaken(pool, object, index, reading, result);
        }
    }

    /** Fetches a page into an array of the pool's page size, which is written only on a hit. */
    public GetResult get(PoolLedger pool, ObjectId object, long index, byte[] destination) {
        GetResult result = GetResult.HIT;
        try {
            result = getter.get(pool, object, index, destination);
            return result;
        } finally {
            noteTaken(pool, object, index, Reading.of(pool), result);
        }
    }

    private static void noteTaken(PoolLedger pool, ObjectId object, long index, Reading reading, GetResult result) {
        if (reading == Reading.TAKE && result == GetResult.HIT) {
            note(pool, object, index);
        }
    }

    /**
     * Reads a page into an array of the pool's page size, and nothing notes it. Of an ephemeral page that cannot be reached
     * this says so, and leaves it where it is.
     */
    public GetResult peek(PoolLedger pool, ObjectId object, long index, byte[] destination) {
        return getter.peek(pool, object, index, destination);
    }

    /** What walks through the pages of a pool of this chain. */
    public PageScan scan(PoolLedger pool) {
        return new PageScan(parts.directory(), pool);
    }

    /** Whether a put may have to wait for a slow tier. */
    public boolean hasSlowTier() {
        for (Tier tier : parts.tiers().inOrder()) {
            if (!tier.isLocal()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a get of a page would have to wait for a slow tier, as far as a glimpse can tell. */
    public boolean isFar(PoolLedger pool, ObjectId object, long index) {
        return flusher.isFar(pool, object, index);
    }

    /** Whether a page is held. */
    public boolean contains(PoolLedger pool, ObjectId object, long index) {
        return flusher.contains(pool, object, index);
    }

    /** Forgets a page; returns whether there was one. */
    public boolean flush(PoolLedger pool, ObjectId object, long index) {
        try {
            return flusher.flush(pool, object, index);
        } finally {
            note(pool, object, index);
        }
    }

    /** Forgets every page of an object; returns how many there were. */
    public long flushObject(PoolLedger pool, ObjectId object) {
        try {
            return flusher.flushObject(pool, object);
        } finally {
            Journal journal = pool.journal();
            if (journal != null) {
                journal.note(object);
            }
        }
    }

    /** Notes that a sharer of a pool put to an object, or hit a page of it. */
    public void touch(PoolLedger pool, ObjectId id, int sharer) {
        TrackedObject object = parts.directory().find(pool, id);
        if (object != null) {
            object.touch(sharer);
        }
    }

    /**
     * Forgets every page of the objects that a sharer touched last. Others may touch them at the same moment: an ephemeral
     * page may go at any time.
     */
    public void leave(PoolLedger pool, int sharer) {
        for (TrackedObject object : pool.trackedObjects()) {
            if (object.lastSharer() == sharer) {
                flushObject(pool, object.id());
            }
        }
    }

    /** Forgets every page of a pool whose ledger has been marked closed. */
    public void destroy(PoolLedger pool) {
        flusher.destroy(pool);
    }

    /** From now on this recorder hears of operations. */
    public void record(Recorder recorder) {
        parts.sampler().attach(recorder);
    }

    /** What changes the tiers while operations run. */
    public TierChain changes() {
        return changes;
    }

    /** Whether tiers came, went or changed places: then their counts do not fit together any more. */
    public boolean wereTiersMoved() {
        return changes.wereTiersMoved();
    }

    /** What the tiers hold and have done, first tier first. */
    public List<TierStats> tierStats() {
        return Arrays.stream(parts.tiers().inOrder()).map(this::statsOf).toList();
    }

    private TierStats statsOf(Tier tier) {
        Holdings holdings = parts.directory().holdings(tier.number());
        TierCounters counters = tier.counters();
        return new TierStats(
                name,
                tier.name(),
                codecs.describe(tier.codec()),
                tier.isOpen() ? TierState.OPEN : TierState.FROZEN,
                tier.capacity(),
                tier.usedBytes(),
                holdings.encodedBytes(),
                holdings.rawBytes(),
                holdings.pages(PageKind.EPHEMERAL),
                holdings.pages(PageKind.PERSISTENT),
                counters.stored.sum(),
                counters.full.sum(),
                counters.declined.sum(),
                counters.unavailable.sum(),
                counters.frozen.sum(),
                counters.incompressible.sum(),
                counters.movesRefused.sum(),
                counters.unanswered.sum(),
                counters.hits.sum(),
                counters.evicted.sum(),
                counters.demotedOut.sum(),
                counters.demotedIn.sum(),
                counters.promotedOut.sum(),
                counters.promotedIn.sum(),
                counters.relocated.sum(),
                counters.recoded.sum(),
                counters.corrupt.sum(),
                counters.gone.sum(),
                counters.dropped.sum(),
                counters.lost.sum(),
                tier.owed().unacknowledged(),
                tier.backend().usage().metadataBytes());
    }

    /** The size of the directory. */
    public DirectoryStats directoryStats() {
        Directory directory = parts.directory();
        DirectoryCounters counters = parts.counters();
        return new DirectoryStats(
                name,
                directory.shardCount(),
                directory.size(),
                directory.entriesMax(),
                directory.bytes(),
                counters.stored.sum(),
                counters.hits.sum(),
                counters.evicted.sum(),
                directory.ghostBytes());
    }

    /**
     * Walks directory and tiers and compares them; throws {@link AssertionError} on a broken invariant. No operation may
     * be under way.
     */
    public void verify() {
        upkeep.paused(this::compareDirectoryWithTiers);
    }

    /** The most entries passed by while one lock was held; counted only where assertions are on. */
    public int longestHold() {
        return parts.directory().longestHold();
    }

    /** Runs a task while the background of this chain rests. */
    public void paused(Runnable task) {
        upkeep.paused(task);
    }

    private void compareDirectoryWithTiers() {
        parts.directory().checkInvariants();
        for (Tier tier : parts.tiers().inOrder()) {
            upkeep.freeOwed(tier);
            Holdings holdings = parts.directory().holdings(tier.number());
            Usage usage = tier.backend().usage();
            long pages = holdings.pages(PageKind.EPHEMERAL) + holdings.pages(PageKind.PERSISTENT);
            long owed = tier.owed().unacknowledged();
            if (owed == 0 && (usage.copies() != pages || usage.encodedBytes() != holdings.encodedBytes())) {
                throw new AssertionError("tier " + tier.name() + " holds " + usage + ", its directory " + pages
                        + " pages of " + holdings.encodedBytes() + " bytes");
            }
            if (tier.usedBytes() > tier.capacity()) {
                throw new AssertionError(
                        "tier " + tier.name() + " uses " + tier.usedBytes() + " of " + tier.capacity());
            }
        }
    }

    /**
     * Closes tiers and directory, all of them also when one fails, once the change of tiers that is under way has ended. No
     * operation may be under way, and all pools have been destroyed: what a tier still uses, unless its free is owed, has
     * leaked.
     */
    @Override
    public void close() {
        changes.awaitEnd();
        List<Runnable> steps = new ArrayList<>();
        List<Tier> tiers = List.of(parts.tiers().inOrder());
        tiers.forEach(tier -> steps.add(() -> upkeep.freeOwed(tier)));
        tiers.forEach(tier -> steps.add(() -> {
            assert isEmpty(tier) : "tier " + tier.name() + " still uses " + tier.usedBytes() + " bytes";
        }));
        steps.add(upkeep::close);
        steps.add(parts.scratches()::close);
        tiers.forEach(tier -> steps.add(tier.backend()::close));
        steps.add(parts.directory()::close);
        runAll(steps);
    }

    private static boolean isEmpty(Tier tier) {
        return tier.owed().unacknowledged() > 0 || tier.usedBytes() == 0;
    }

    /** Runs every step, also when one fails; then throws what failed first, the others suppressed. */
    public static void runAll(List<Runnable> steps) {
        Throwable first = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | Error failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
    }
}
