package io.github.tmem.tiering.directory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader looks twice while a move swings the entry: it sees one copy or the other, or has to look again. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one of the two copies")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "looks again")
@Outcome(expect = Expect.FORBIDDEN, desc = "a mixture of two copies")
@State
public class LookDuringMove {
    private static final Ground GROUND = new Ground();

    private final long index = GROUND.freshIndex();
    private final int entry = GROUND.link(index, 1, 0);
    private final Look look = new Look();
    private final Place below = Ground.place(Ground.locator(1, 1));

    /** The move. */
    @Actor
    public void move() {
        GROUND.shard().lock();
        try {
            GROUND.shard().swing(entry, below);
        } finally {
            GROUND.shard().unlock();
        }
    }

    /** The get. */
    @Actor
    public void get(I_Result result) {
        result.r1 = GROUND.lookTwice(index, look);
    }

    /** Ends the page. */
    @Arbiter
    public void tidy() {
        GROUND.unlink(index);
    }
}
