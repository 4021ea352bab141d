package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One directory that all states of a test share, for a state must cost little: each has entries and pages of its own in
 * it. What an entry says of a copy is made from its locator, so that a mixture of two copies shows.
 */
final class Ground {
    /** No page was seen, or the second look failed. */
    static final int NOTHING = 0;

    /** What was seen belongs to no one copy of that put. */
    static final int MIXTURE = -1;

    private final Directory directory = new Directory(1_000_000, 10, 2);
    private final PoolLedger pool = directory.open(PoolConfig.persistent("pages"), 42);
    private final TrackedObject object = directory.acquire(pool, ObjectId.of(1));
    private final AtomicLong indexes = new AtomicLong();

    /** A ground whose object has a page that stays, so that it is never empty. */
    Ground() {
        link(freshIndex(), 1, 1);
    }

    Shard shard() {
        return directory.shard(0);
    }

    /** The index of a page that nobody else uses. */
    long freshIndex() {
        return indexes.getAndIncrement();
    }

    /** The locator of a copy of a put. */
    static long locator(long stamp, int copy) {
        return stamp * 2 + copy;
    }

    /** Where a copy is said to be. */
    static Place place(long locator) {
        Place place = new Place();
        place.stored((int) (locator % 3), locator, 1, 1 + (int) locator, crc(locator));
        return place;
    }

    private static int crc(long locator) {
        return Long.hashCode(Hashing.mix(locator));
    }

    /** Puts a page: takes an entry and links it. */
    int link(long index, long stamp, int copy) {
        int entry = directory.take(shard());
        directory.fillIn(entry, object, index, place(locator(stamp, copy)));
        shard().lock();
        try {
            shard().link(entry, stamp, object, Shard.NONE);
        } finally {
            shard().unlock();
        }
        return entry;
    }

    /** Ends a page, if it is there. */
    void unlink(long index) {
        int entry;
        shard().lock();
        try {
            entry = shard().find(object, index);
            if (entry != Shard.NONE) {
                shard().unlink(entry, Ending.FLUSHED);
            }
        } finally {
            shard().unlock();
        }
        if (entry != Shard.NONE) {
            directory.give(entry);
        }
    }

    /** Looks twice and notes the hit, as a get does that takes no lock; returns the stamp of the put, or one of the two constants. */
    int lookTwice(long index, Look look) {
        if (shard().glimpse(object, index, look) == Shard.NONE
                || look.stamp() == 0
                || look.state() != EntryState.STORED
                || !shard().stillHoldsUnlocked(look)) {
            return NOTHING;
        }
        shard().noteHit(look);
        long locator = look.locator();
        boolean one = locator / 2 == look.stamp()
                && look.crc() == crc(locator)
                && look.length() == 1 + locator
                && look.tier() == locator % 3;
        return one ? (int) look.stamp() : MIXTURE;
    }
}
