package io.github.tmem.tiering.directory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers in the order in which puts begin and fill tokens are taken: even ones for puts, odd ones for tokens. An entry has 56
 * bits for one. Thread-safe.
 */
public final class Stamps {
    private static final int STEP = 2;

    private final AtomicLong last = new AtomicLong();

    /** None has been given out. */
    public Stamps() {}

    /** The next stamp of a put. */
    public long next() {
        return last.addAndGet(STEP);
    }

    /** The next token: above all stamps so far, below {@link #last} from now on. */
    public long nextToken() {
        return last.addAndGet(STEP) - 1;
    }

    /** At or above all that was given out so far, below all that will be. */
    long last() {
        return last.get();
    }

    /** Whether a stamp is that of a fill: the token under which its page was read. */
    public static boolean isToken(long stamp) {
        return (stamp & 1) != 0;
    }
}
