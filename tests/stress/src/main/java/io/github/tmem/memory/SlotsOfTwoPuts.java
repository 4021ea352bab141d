package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two puts at once have slots of their own. */
@JCStressTest
@Outcome(id = "1, 2, 2", expect = Expect.ACCEPTABLE, desc = "both copies")
@Outcome(expect = Expect.FORBIDDEN, desc = "one slot for two copies")
@State
public class SlotsOfTwoPuts {
    private final SmallTier tier = new SmallTier();
    private long first;
    private long second;

    /** A put. */
    @Actor
    public void put() {
        first = tier.put(1);
    }

    /** Another. */
    @Actor
    public void putAnother() {
        second = tier.put(2);
    }

    /** What there is now. */
    @Arbiter
    public void read(III_Result result) {
        result.r1 = tier.get(first);
        result.r2 = tier.get(second);
        result.r3 = (int) tier.copies();
    }
}
