package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import org.jspecify.annotations.Nullable;

/** Ends most gets of pages that are not there, without a lock and before anything is lent or copied. */
final class Misses {
    private final Directory directory;
    private final Sampler sampler;

    Misses(ChainParts parts) {
        this.directory = parts.directory();
        this.sampler = parts.sampler();
    }

    /**
     * The object of a page that may be there.
     *
     * @param begun what the sampler said when the get began
     * @return null if the page is not there: then the miss is counted, and told to the pool's policy if it learns from it
     */
    @Nullable
    TrackedObject objectOf(PoolLedger pool, ObjectId id, long index, long begun) {
        TrackedObject object = directory.find(pool, id);
        if (object == null) {
            learn(pool, id, index);
        } else if (pool.learnsFromMisses() || !directory.isAbsent(object, index)) {
            return object;
        }
        pool.count(GetResult.MISS);
        sampler.end(begun, Operation.GET_MISS);
        return null;
    }

    private void learn(PoolLedger pool, ObjectId id, long index) {
        if (pool.learnsFromMisses()) {
            Shard shard = directory.shardOf(pool, id, index);
            shard.lock();
            try {
                shard.markMissed(pool, id, index);
            } finally {
                shard.unlock();
            }
        }
    }
}
