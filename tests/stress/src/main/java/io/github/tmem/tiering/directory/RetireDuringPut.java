package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The last page of an object leaves one shard while a put comes to another: the number retires or takes the page. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "retired; the put goes on under another number")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the put was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a page under a forgotten number, or an empty number that stays")
@State
public class RetireDuringPut {
    private static final PoolLedger POOL = new PoolLedger(PoolConfig.persistent("pages"), 42, 0);

    private final TrackedObject object = new TrackedObject(POOL, ObjectId.of(1), 0);

    /** For jcstress. */
    public RetireDuringPut() {
        object.enter(0);
    }

    /** The last page goes; whether the number is unused from now on. */
    @Actor
    public void flush(ZZ_Result result) {
        result.r1 = object.leave(0);
    }

    /** Another comes; whether the number took it. */
    @Actor
    public void put(ZZ_Result result) {
        result.r2 = object.enter(1);
    }
}
