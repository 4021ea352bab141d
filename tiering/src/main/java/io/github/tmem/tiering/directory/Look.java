package io.github.tmem.tiering.directory;

import org.jspecify.annotations.Nullable;

/**
 * What a directory entry said at one moment. A reader or mover looks, works on the copy without any lock, and looks again
 * with {@link Shard#stillHolds}: only stamp and locator together name one physical copy of one put.
 *
 * <p>Belongs to one thread; reused without allocation.
 */
public final class Look {
    private @Nullable TrackedObject object;
    private @Nullable Shard shard;
    private int entry;
    private long index;
    private long stamp;
    private long locator;
    private int crc;
    private int meta;
    private int credit;

    /** An empty look. */
    public Look() {}

    void set(TrackedObject seenObject, long seenIndex, Shard seenShard, int seenEntry, EntryTable entries) {
        object = seenObject;
        shard = seenShard;
        entry = seenEntry;
        index = seenIndex;
        stamp = entries.stamp(seenEntry);
        locator = entries.locator(seenEntry);
        crc = entries.crc(seenEntry);
        meta = entries.meta(seenEntry);
        credit = entries.credit(seenEntry);
    }

    /** Lets go of what was seen. */
    public void clear() {
        object = null;
        shard = null;
    }

    /** The object number the entry is under. */
    public TrackedObject object() {
        assert object != null;
        return object;
    }

    /** The shard that holds the entry. */
    public Shard shard() {
        assert shard != null;
        return shard;
    }

    /** The entry. */
    public int entry() {
        return entry;
    }

    /** The page number in the object. */
    public long index() {
        return index;
    }

    /** The stamp of the put. */
    public long stamp() {
        return stamp;
    }

    /** The name of the copy; the word that fills the page when it is {@link EntryState#FILLED}. */
    public long locator() {
        return locator;
    }

    /** The CRC32C of the encoded bytes. */
    public int crc() {
        return crc;
    }

    /** What the entry stands for. */
    public EntryState state() {
        return EntryDescriptor.state(meta);
    }

    /** The number of the tier that holds the copy. */
    public int tier() {
        return EntryDescriptor.tier(meta);
    }

    /** The number of the codec of the copy. */
    public int codec() {
        return EntryDescriptor.codec(meta);
    }

    /** The length of the copy in bytes. */
    public int length() {
        return EntryDescriptor.length(meta);
    }

    /**
     * Whether a {@linkplain Shard#glimpse glimpse} makes enough sense to read the copy it tells of. A word that fills a page may
     * be seen with the descriptor of the copy that was there before: no copy has a negative locator, but half of all words are
     * negative. Any other mixture is for the second look to find.
     *
     * @param lengthMax how long a copy of the pool may be in bytes
     */
    public boolean isReadable(int lengthMax) {
        return state() == EntryState.STORED && stamp != 0 && locator >= 0 && length() > 0 && length() <= lengthMax;
    }

    /** Whether another entry's descriptor tells the same of the copy as what was seen. */
    boolean isSameCopy(int otherMeta) {
        return EntryDescriptor.isSameCopy(meta, otherMeta);
    }

    /** What the entry remembers of the page's past. */
    public int standing() {
        return EntryDescriptor.standing(meta, credit);
    }
}
