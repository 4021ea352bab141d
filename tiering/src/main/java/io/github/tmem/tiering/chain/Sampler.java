package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Look;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Times one in {@link Recorder#ONE_IN} operations of a chain for the recorder that is attached. Which ones is drawn from
 * the thread's own random numbers, so threads share nothing and no rhythm of a caller is favoured. Allocates nothing;
 * without a recorder an operation pays for one read of a field. Thread-safe.
 */
final class Sampler {
    /** Begin of an operation that is not timed. */
    static final long NOT_TIMED = 0;

    private static final System.Logger LOG = System.getLogger(Sampler.class.getName());

    private final String chain;
    private final LongSupplier nanoTime;
    private volatile Recorder recorder = Recorder.disabled();

    /**
     * A sampler that nobody listens to.
     *
     * @param nanoTime the time in nanoseconds from any fixed point
     */
    Sampler(String chain, LongSupplier nanoTime) {
        this.chain = chain;
        this.nanoTime = nanoTime;
    }

    /** Tells this recorder from now on; {@link Recorder#disabled} for nobody. */
    void attach(Recorder listener) {
        recorder = listener;
    }

    /** The time at which an operation begins, or {@link #NOT_TIMED}. Hand it to {@link #end}. */
    long begin() {
        boolean timed =
                recorder != Recorder.disabled() && (ThreadLocalRandom.current().nextInt() & Recorder.ONE_IN - 1) == 0;
        return timed ? nanoTime.getAsLong() | 1 : NOT_TIMED; // odd, and so never mistaken
    }

    /** Ends an operation on a page that was seen in {@code look}, if it is timed. */
    void end(long begin, Operation operation, Look look, List<Tier> tiers) {
        if (begin != NOT_TIMED) {
            boolean hasCopy = look.state() == EntryState.STORED;
            end(begin, operation, hasCopy ? tiers.get(look.tier()).name() : Recorder.DIRECTORY);
        }
    }

    /** Ends an operation, if it is timed. */
    void end(long begin, Operation operation, String tier) {
        if (begin == NOT_TIMED) {
            return;
        }
        long nanos = Math.max(0, nanoTime.getAsLong() - begin);
        Recorder listener = recorder;
        try {
            listener.record(operation, chain, tier, nanos);
        } catch (RuntimeException failure) {
            recorder = Recorder.disabled();
            LOG.log(Level.WARNING, "chain " + chain + ": the recorder failed and is not told any more", failure);
        }
    }
}
