package io.github.tmem.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A copy is stored where another one was, and read as soon as its name is known. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "not known yet")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the copy that was stored")
@Outcome(expect = Expect.FORBIDDEN, desc = "its name was known before its bytes were there")
@State
public class CopyReadOnceKnown {
    private static final long UNKNOWN = -1;

    private final SmallTier tier = new SmallTier();

    /** Where the directory has an entry: written after the bytes. */
    private volatile long known = UNKNOWN;

    /** Leaves one slot that another copy was in, and that is in the reader's cache. */
    public CopyReadOnceKnown() {
        long first = tier.put(1);
        tier.get(first);
        tier.flush(first);
    }

    /** A put. */
    @Actor
    public void put() {
        known = tier.put(2);
    }

    /** A get. */
    @Actor
    public void get(I_Result result) {
        long locator = known;
        result.r1 = locator == UNKNOWN ? 0 : tier.get(locator);
    }
}
