package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A slab is emptied while a copy comes that the slab had room for. */
@JCStressTest
@Outcome(id = "1, 2, 3", expect = Expect.ACCEPTABLE, desc = "both copies, and the other slab's")
@Outcome(expect = Expect.FORBIDDEN, desc = "one slot for two copies")
@State
public class SlabEmptiedDuringPut {
    private static final int PER_SLAB = 16;

    private final SmallTier tier = new SmallTier();
    private long first = tier.put(1);
    private long second;

    /** Leaves one copy in each of two slabs. */
    public SlabEmptiedDuringPut() {
        long[] others = new long[PER_SLAB];
        for (int i = 0; i < others.length; i++) {
            others[i] = tier.put(3);
        }
        for (int i = 0; i < PER_SLAB - 1; i++) {
            tier.flush(others[i]);
        }
    }

    /** The copy moves to another slab. */
    @Actor
    public void compact() {
        first = tier.compact(first);
    }

    /** A put. */
    @Actor
    public void put() {
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
