package io.github.tmem.node.serve;

import java.util.function.LongSupplier;

/** The time in milliseconds since 1970 as it was at the start, and the time that has passed since: it never jumps. */
final class SteadyClock implements LongSupplier {
    private static final long NANOS = 1_000_000;

    private final LongSupplier nanos;
    private final long began;
    private final long from;

    SteadyClock() {
        this(System::currentTimeMillis, System::nanoTime);
    }

    /**
     * A clock that counts by another.
     *
     * @param timeOfDay asked once, for milliseconds since 1970
     * @param nanos never jumps; its beginning is of no importance
     */
    SteadyClock(LongSupplier timeOfDay, LongSupplier nanos) {
        this.nanos = nanos;
        began = timeOfDay.getAsLong();
        from = nanos.getAsLong();
    }

    @Override
    public long getAsLong() {
        return began + (nanos.getAsLong() - from) / NANOS;
    }
}
