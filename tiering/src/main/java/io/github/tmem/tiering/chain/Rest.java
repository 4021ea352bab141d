package io.github.tmem.tiering.chain;

/** A pause, which any thread may ask about. Thread-safe. */
final class Rest {
    private volatile long until = System.nanoTime();

    /** From now on it rests for so long, in nanoseconds. */
    void begin(long nanos) {
        until = System.nanoTime() + nanos;
    }

    boolean isOver() {
        return System.nanoTime() - until >= 0;
    }
}
