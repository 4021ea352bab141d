package io.github.tmem.tiering.chain;

import io.github.tmem.api.config.TierConfig;

/** A capacity and its watermarks, in bytes. */
record Limits(long capacity, long high, long low) {
    static Limits of(long capacity, TierConfig config) {
        return new Limits(
                capacity, (long) (capacity * (config.high() / 100)), (long) (capacity * (config.low() / 100)));
    }
}
