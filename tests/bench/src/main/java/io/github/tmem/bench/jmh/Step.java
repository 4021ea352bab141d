package io.github.tmem.bench.jmh;

import io.github.tmem.bench.timing.Contestant;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Where a thread is in its part of the order of the keys. No other thread is there. */
@State(Scope.Thread)
public class Step {
    private int first;
    private int end;
    private int place;

    /** Gives every thread its part. */
    @Setup
    public void begin(ThreadParams thread) {
        first = Data.KEYS / thread.getThreadCount() * thread.getThreadIndex();
        end = first + Data.KEYS / thread.getThreadCount();
        place = first;
    }

    /** The next place. */
    int next() {
        int now = place;
        place = now + 1 == end ? first : now + 1;
        return now;
    }

    /** Runs the next operation of {@code contestant}. */
    void run(Contestant contestant) {
        int now = next();
        contestant.run(now, now + 1);
    }
}
