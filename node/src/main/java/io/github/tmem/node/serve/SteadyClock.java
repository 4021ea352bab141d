package io.github.tmem.node.serve;

import java.util.function.LongSupplier;

/** The time in milliseconds since 1970 as it was at the start, and the time that has passed since: it never jumps. */
final class SteadyClock implements LongSupplier {
    private static final long NANOS = 1_000_000;

    private final long began = System.currentTimeMillis();
    private final long from = System.nanoTime();

    @Override
    public long getAsLong() {
        return began + (System.nanoTime() - from) / NANOS;
    }
}
