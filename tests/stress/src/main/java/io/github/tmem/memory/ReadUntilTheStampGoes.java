package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A copy is read while its slot is given back and written anew. Whoever reads a byte of the new copy afterwards finds that
 * the stamp, which went before, is gone: the second look needs no lock.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the copy of the stamp")
@Outcome(
        id = {"-1, 0", "1, 0", "2, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "looks again, whatever was read")
@Outcome(expect = Expect.FORBIDDEN, desc = "other bytes, and the stamp is still there")
@State
public class ReadUntilTheStampGoes {
    private final SmallTier tier = new SmallTier();
    private final long locator = tier.put(1);
    private int stamp = 1;

    /** The page ends: first its stamp, then its copy. The slot serves the next copy. */
    @Actor
    public void flushAndPutAnother() {
        stamp = 0;
        tier.flush(locator);
        tier.put(2);
    }

    /** The get. */
    @Actor
    public void get(II_Result result) {
        result.r1 = tier.get(locator);
        result.r2 = stamp;
    }
}
