package io.github.tmem.tiering.directory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader looks twice, two times, while a put swings the entry: never the older page after the newer one. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2", "2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "older, then newer, or looks again")
@Outcome(expect = Expect.FORBIDDEN, desc = "back in time, or a mixture of two pages")
@State
public class LookDuringOverwrite {
    private static final Ground GROUND = new Ground();

    private final long index = GROUND.freshIndex();
    private final int entry = GROUND.link(index, 1, 0);
    private final Look look = new Look();
    private final Place newer = Ground.place(Ground.locator(2, 0));

    /** The put. */
    @Actor
    public void put() {
        GROUND.shard().lock();
        try {
            GROUND.shard().overwrite(entry, 2, newer);
        } finally {
            GROUND.shard().unlock();
        }
    }

    /** Two gets. */
    @Actor
    public void get(II_Result result) {
        result.r1 = GROUND.lookTwice(index, look);
        result.r2 = GROUND.lookTwice(index, look);
    }

    /** Ends the page. */
    @Arbiter
    public void tidy() {
        GROUND.unlink(index);
    }
}
