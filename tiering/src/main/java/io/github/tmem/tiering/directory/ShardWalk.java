package io.github.tmem.tiering.directory;

/** A walk over everything in a shard at rest, which compares its structures with each other. Guarded by the shard's lock. */
record ShardWalk(EntryTable entries, ObjectTable objects, Buckets buckets, ObjectPages objectPages, Tenants tenants) {

    /** Throws {@link AssertionError} on a broken invariant. */
    void check(Shard shard, Directory directory) {
        int seen = 0;
        int queued = 0;
        for (int bucket = 0; bucket < buckets.bucketCount(); bucket++) {
            for (int entry = buckets.firstOf(bucket); entry != Shard.NONE; entry = entries.hashNext(entry)) {
                long hash = shard.hashOf(entry);
                Invariant.check(buckets.bucket(hash) == bucket, "entry %d is in bucket %d", entry, bucket);
                Invariant.check(buckets.isMarked(bucket, hash), "entry %d has no mark in bucket %d", entry, bucket);
                queued += checkEntry(entry, shard, directory) ? 1 : 0;
                seen++;
            }
        }
        Invariant.check(seen == buckets.size(), "%d entries in a table of %d", seen, buckets.size());
        Invariant.check(queued == tenants.checkedTotal(), "%d queued entries differ", queued, 0);
        Invariant.check(seen == tenants.linked(), "%d entries differ from those by pool", seen, 0);
        Invariant.check(seen == objectPages.checkedTotal(), "%d entries differ from those by object", seen, 0);
    }

    /** Returns whether the entry is queued. */
    private boolean checkEntry(int entry, Shard shard, Directory directory) {
        TrackedObject object = objects.get(entries.object(entry));
        int number = shard.number();
        Invariant.check(
                directory.shardOf(object, entries.index(entry)) == shard, "entry %d in shard %d", entry, number);
        Invariant.check(shard.find(object, entries.index(entry)) == entry, "entry %d is not found", entry, 0);
        Invariant.check(entries.stamp(entry) > 0, "entry %d has stamp 0", entry, 0);
        Invariant.check((object.shards() & 1L << number) != 0, "entry %d, object not here", entry, 0);
        Invariant.check(object.isAttached(), "entry %d is under a dead number", entry, 0);
        EntryState state = shard.stateOf(entry);
        boolean hasPlace = state == EntryState.STORED || state == EntryState.FILLED;
        boolean isQueued = tenants.of(object.pool()).isQueued(entry);
        Invariant.check(isQueued == hasPlace, "entry %d is in no queue", entry, 0);
        Invariant.check(!EntryDescriptor.isHidden(entries.meta(entry)), "entry %d is hidden at rest", entry, 0);
        return hasPlace;
    }
}
