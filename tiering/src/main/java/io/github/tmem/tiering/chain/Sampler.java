package io.github.tmem.tiering.chain;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times some of a chain's operations, chosen at random, for the recorder that is attached. To count operations instead
 * would choose only the puts of a thread that puts and gets in turn. Thread-safe; allocates nothing.
 */
final class Sampler {
    /** The begin of an operation that is not timed. */
    static final long NOT_SAMPLED = 0;

    private static final System.Logger LOG = System.getLogger(Sampler.class.getName());

    private final String chain;
    private final LongSupplier ticker;
    private final IntSupplier dice;
    private volatile @Nullable Recorder recorder;

    /** A sampler for the chain of this name. */
    Sampler(String chain) {
        this(chain, System::nanoTime, () -> ThreadLocalRandom.current().nextInt());
    }

    /**
     * A sampler with other sources of time and chance.
     *
     * @param ticker nanoseconds from any origin
     * @param dice any int, each as likely as the others
     */
    Sampler(String chain, LongSupplier ticker, IntSupplier dice) {
        this.chain = chain;
        this.ticker = ticker;
        this.dice = dice;
    }

    /** Attaches a recorder in place of the one before; {@link Recorder#disabled} for none. */
    synchronized void attach(Recorder newRecorder) {
        recorder = newRecorder instanceof Recorder.Disabled ? null : newRecorder;
    }

    /** Begins an operation: when it began, or {@link #NOT_SAMPLED}. */
    long begin() {
        return recorder == null ? NOT_SAMPLED : cast();
    }

    private long cast() {
        if ((dice.getAsInt() & (Recorder.SAMPLED_ONE_IN - 1)) != 0) {
            return NOT_SAMPLED;
        }
        long now = ticker.getAsLong();
        return now == NOT_SAMPLED ? 1 : now;
    }

    /** Ends an operation in which no tier took part. */
    void end(long begun, Operation operation) {
        end(begun, operation, Recorder.NO_TIER);
    }

    /** Ends an operation that {@link #begin} began. */
    void end(long begun, Operation operation, String tier) {
        if (begun != NOT_SAMPLED) {
            tell(operation, tier, Math.max(0, ticker.getAsLong() - begun));
        }
    }

    /** The page is where it should be by now: a recorder that fails must not make the operation fail. */
    private void tell(Operation operation, String tier, long nanos) {
        Recorder current = recorder;
        if (current == null) {
            return; // detached meanwhile
        }
        try {
            current.record(operation, chain, tier, nanos);
        } catch (RuntimeException | Error failure) {
            detach(current);
            LOG.log(Level.WARNING, "the recorder of chain " + chain + " failed and is called no more", failure);
        }
    }

    /** Detaches the recorder that failed, not one that took its place meanwhile. */
    private synchronized void detach(Recorder failed) {
        if (failed.equals(recorder)) {
            recorder = null;
        }
    }

    /** What recorders call a get that came to this. */
    static Operation operation(GetResult result) {
        return switch (result) {
            case HIT -> Operation.GET_HIT;
            case MISS -> Operation.GET_MISS;
            case UNAVAILABLE, LOST -> Operation.GET_FAILED;
        };
    }
}
