package io.github.tmem.tiering.directory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader looks twice while its page is flushed and the entry given to another page. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the page, before the flush")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "looks again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the other page, or a mixture of both")
@State
public class LookDuringReuse {
    private static final Ground GROUND = new Ground();

    private final long index = GROUND.freshIndex();
    private final long otherIndex = GROUND.freshIndex();
    private final Look look = new Look();

    /** For jcstress. */
    public LookDuringReuse() {
        GROUND.link(index, 1, 0);
    }

    /** The flush, and a put that takes the entry that was given back last. */
    @Actor
    public void flushAndPutAnother() {
        GROUND.unlink(index);
        GROUND.link(otherIndex, 2, 0);
    }

    /** The get. */
    @Actor
    public void get(I_Result result) {
        result.r1 = GROUND.lookTwice(index, look);
    }

    /** Ends the page. */
    @Arbiter
    public void tidy() {
        GROUND.unlink(otherIndex);
    }
}
