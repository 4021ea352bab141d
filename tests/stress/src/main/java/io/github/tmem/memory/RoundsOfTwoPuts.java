package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Two puts take slots of a group whose magazine is emptied, as for a sum of all copies, and gets one back meanwhile. */
@JCStressTest
@Outcome(
        id = {"1, 2, 41, 40", "1, 2, 41, 41"},
        expect = Expect.ACCEPTABLE,
        desc = "both copies")
@Outcome(expect = Expect.FORBIDDEN, desc = "one slot for two copies, or a copy is lost")
@State
public class RoundsOfTwoPuts {
    private static final int COPIES = 39;

    private final SmallTier tier = SmallTier.withMagazine(COPIES, 3);
    private final long third = tier.put(3);
    private long first;
    private long second;
    private int seen;

    /** A put. */
    @Actor
    public void put() {
        first = tier.put(1);
    }

    /** All stripes are taken, a copy is freed, and another comes. */
    @Actor
    public void sumFreeAndPut() {
        seen = (int) tier.copies();
        tier.flush(third);
        second = tier.put(2);
    }

    /** What there is now. */
    @Arbiter
    public void read(IIII_Result result) {
        result.r1 = tier.get(first);
        result.r2 = tier.get(second);
        result.r3 = (int) tier.copies();
        result.r4 = seen;
    }
}
