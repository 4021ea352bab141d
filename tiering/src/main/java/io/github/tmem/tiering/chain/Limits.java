package io.github.tmem.tiering.chain;

import io.github.tmem.api.config.TierConfig;

/**
 * A capacity and its watermarks, in bytes.
 *
 * @param capacity what the tier may hold
 * @param high above it the background moves pages down
 * @param low down to it
 */
record Limits(long capacity, long high, long low) {
    static Limits of(long capacity, TierConfig config) {
        return new Limits(
                capacity, (long) (capacity * (config.high() / 100)), (long) (capacity * (config.low() / 100)));
    }
}
