package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A put links the first page of an object in a shard while the object is flushed: the flush finds it, or it is refused. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the put was first, and the flush finds its page")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the flush was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a page under a detached number that nobody will remove")
@State
public class DetachDuringPut {
    private static final PoolLedger POOL = new PoolLedger(PoolConfig.persistent("pages"), 42, 0);

    private final TrackedObject object = new TrackedObject(POOL, ObjectId.of(1), 0);

    /** What the put does under its shard's lock. */
    @Actor
    public void put(ZZ_Result result) {
        result.r1 = object.enter(3);
    }

    /** What the flush does before it reclaims. */
    @Actor
    public void flushObject(ZZ_Result result) {
        object.detach();
        result.r2 = object.shards() != 0;
    }
}
