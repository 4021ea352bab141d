package io.github.tmem.tiering.directory;

import io.github.tmem.tiering.policy.Standing;

/**
 * Where a page is about to be found: what a swing writes into its entry. Belongs to one thread; reused without
 * allocation.
 */
public final class Place {
    private EntryState state = EntryState.STORED;
    private int tier;
    private int codec;
    private int length;
    private int crc;
    private long locator;

    /** A place nowhere. */
    public Place() {}

    /** A copy in a tier. */
    public void stored(int inTier, long underLocator, int ofCodec, int ofLength, int withCrc) {
        state = EntryState.STORED;
        tier = inTier;
        locator = underLocator;
        codec = ofCodec;
        length = ofLength;
        crc = withCrc;
    }

    /** A page that one word fills. */
    public void filled(long word) {
        state = EntryState.FILLED;
        tier = PageQueues.NO_TIER;
        locator = word;
        codec = 0;
        length = 0;
        crc = 0;
    }

    /** Whether there is a copy to free. */
    public boolean hasCopy() {
        return state == EntryState.STORED;
    }

    /** The tier of the copy. */
    public int tier() {
        return tier;
    }

    /** The locator of the copy. */
    public long locator() {
        return locator;
    }

    /** The length of the copy. */
    public int length() {
        return length;
    }

    void write(EntryTable entries, int entry, int standing) {
        int meta = EntryDescriptor.meta(state, tier, codec, length);
        entries.place(entry, locator, crc, EntryDescriptor.withStanding(meta, standing));
        entries.credit(entry, Standing.credit(standing));
    }
}
