package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A slot is given back while another copy takes one. */
@JCStressTest
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the copy that came")
@Outcome(expect = Expect.FORBIDDEN, desc = "another slot was given back, or none")
@State
public class SlotGivenBackDuringPut {
    private final SmallTier tier = new SmallTier();
    private final long first = tier.put(1);
    private long second;

    /** A flush. */
    @Actor
    public void flush() {
        tier.flush(first);
    }

    /** A put. */
    @Actor
    public void put() {
        second = tier.put(2);
    }

    /** What there is now. */
    @Arbiter
    public void read(II_Result result) {
        result.r1 = tier.get(second);
        result.r2 = (int) tier.copies();
    }
}
