package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import org.jspecify.annotations.Nullable;

/** What one put has in hand between its stamp and its swing. Belongs to one thread; reused. */
final class PutAttempt {
    /** Whose entry the put will fill in. */
    enum EntryOrigin {
        /** None yet. */
        NONE,
        /** One of its own, linked nowhere. */
        TAKEN,
        /** The key's older entry, which stays linked and whose number the copy bears. */
        LINKED
    }

    private final Place place = new Place();
    private @Nullable TrackedObject object;
    private long index;
    private long stamp;
    private int entry = Shard.NONE;
    private EntryOrigin origin = EntryOrigin.NONE;
    private boolean hasCopy;

    void begin(TrackedObject ofObject, long atIndex, long withStamp) {
        object = ofObject;
        index = atIndex;
        stamp = withStamp;
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
        hasCopy = false;
    }

    void clear() {
        object = null;
    }

    TrackedObject object() {
        assert object != null;
        return object;
    }

    void object(TrackedObject renumbered) {
        object = renumbered;
    }

    PoolLedger pool() {
        return object().pool();
    }

    long index() {
        return index;
    }

    long stamp() {
        return stamp;
    }

    int entry() {
        return entry;
    }

    EntryOrigin origin() {
        return origin;
    }

    void entry(int taken, EntryOrigin from) {
        entry = taken;
        origin = from;
    }

    Place place() {
        return place;
    }

    /** Notes that the put's own copy is in the tier that {@link #place} names. */
    void placed() {
        hasCopy = true;
    }

    /** Whether the put's own copy is stored and no entry names it. */
    boolean hasCopy() {
        return hasCopy;
    }

    /** Notes that the copy is freed, or about to be. */
    void copyGone() {
        hasCopy = false;
    }

    /** Notes that entry and copy belong to the directory now. */
    void linked() {
        hasCopy = false;
        entryGone();
    }

    /** Notes that the entry is not the put's any more. */
    void entryGone() {
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
    }
}
