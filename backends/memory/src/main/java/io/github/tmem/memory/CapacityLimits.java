package io.github.tmem.memory;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;

/** What the capacity of a tier in memory may be. */
final class CapacityLimits {
    private CapacityLimits() {}

    /**
     * The capacity a tier is configured with, in bytes.
     *
     * @param whole what 100 % is, in bytes
     * @param most the largest capacity allowed, in bytes
     * @param mostInWords what {@code most} is, for the error message
     * @throws ConfigException if the capacity is not allowed, or the tier has settings, for it knows none
     */
    static long check(TierConfig config, long whole, long most, String mostInWords) {
        if (!config.settings().isEmpty()) {
            throw new ConfigException("tier " + config.type() + ": unknown setting \""
                    + config.settings().keySet().iterator().next() + "\"; allowed: none");
        }
        long capacity = config.capacity().resolve(whole);
        if (capacity < Geometry.CAPACITY_MIN) {
            throw wrong(config, capacity, "at least " + Size.ofBytes(Geometry.CAPACITY_MIN));
        }
        if (capacity > Geometry.CAPACITY_MAX) {
            throw wrong(config, capacity, "at most " + Size.ofBytes(Geometry.CAPACITY_MAX));
        }
        if (capacity > most) {
            throw wrong(config, capacity, "at most " + mostInWords);
        }
        return capacity;
    }

    private static ConfigException wrong(TierConfig config, long capacity, String allowed) {
        String value = config.capacity().isPercent()
                ? config.capacity() + " (" + Size.ofBytes(Math.max(1, capacity)) + ")"
                : config.capacity().toString();
        return new ConfigException(
                "tier " + config.type() + ": capacity " + value + " cannot be used; allowed: " + allowed);
    }
}
