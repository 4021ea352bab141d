package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** What puts, flushes and a flush of the whole do to the number of one object, as shards call it: under their locks. */
@Param(name = "shard", gen = IntGen.class, conf = "0:1")
public final class ObjectScenario {
    private final PoolLedger pool = new PoolLedger(PoolConfig.persistent("pages"), 42, 0);
    private final TrackedObject object = new TrackedObject(pool, ObjectId.of(1), 0);
    private final ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock()};
    private final boolean[] inside = new boolean[2];

    /** For Lincheck. */
    public ObjectScenario() {}

    /** A put; whether the number took the page. */
    @Operation(params = "shard")
    public boolean put(int shard) {
        locks[shard].lock();
        try {
            if (inside[shard]) {
                return object.isAttached();
            }
            inside[shard] = object.enter(shard);
            return inside[shard];
        } finally {
            locks[shard].unlock();
        }
    }

    /** A flush of the only page in the shard; whether the number is unused from now on. */
    @Operation(params = "shard")
    public boolean flush(int shard) {
        locks[shard].lock();
        try {
            boolean was = inside[shard];
            inside[shard] = false;
            return was && object.leave(shard);
        } finally {
            locks[shard].unlock();
        }
    }

    /** A flush of the object. */
    @Operation
    public boolean detach() {
        return object.detach();
    }

    /** A put that was refused. */
    @Operation
    public boolean retireIfUnused() {
        return object.retireIfUnused();
    }

    /** What is left to reclaim. */
    @Operation
    public long shards() {
        return object.shards();
    }
}
