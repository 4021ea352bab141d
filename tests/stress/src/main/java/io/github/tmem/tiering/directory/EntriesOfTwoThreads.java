package io.github.tmem.tiering.directory;

import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** One thread takes two entries and gives the first back, while another takes one: nobody has another's entry. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "entries of their own")
@Outcome(expect = Expect.FORBIDDEN, desc = "one entry taken twice")
@State
public class EntriesOfTwoThreads {
    private static final EntryTable ENTRIES = new EntryTable(0, Arena.ofAuto());

    private int kept;
    private int other;

    /** Takes, takes, gives: the top of the free list is what it was, and what is below is not. */
    @Actor
    public void takeAndGive() {
        int first = ENTRIES.take();
        kept = ENTRIES.take();
        ENTRIES.give(first);
    }

    /** Takes. */
    @Actor
    public void take() {
        other = ENTRIES.take();
    }

    /** Compares, with an entry taken now as well; gives all back. */
    @Arbiter
    public void compare(Z_Result result) {
        int now = ENTRIES.take();
        result.r1 = kept != other && now != kept && now != other;
        ENTRIES.give(now);
        ENTRIES.give(kept);
        ENTRIES.give(other);
    }
}
