package io.github.tmem.memory;

import com.sun.management.OperatingSystemMXBean;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import java.lang.management.ManagementFactory;

/**
 * What the capacity of a tier in memory may be.
 *
 * @param type the type of the tier
 * @param whole what 100 % is, in bytes
 * @param most the largest capacity allowed, in bytes
 * @param mostInWords what {@code most} is, for the error message
 */
record CapacityLimits(String type, long whole, long most, String mostInWords) {
    /** The rest is for the program, and for the collector to work in. */
    private static final int HEAP_PERCENT_MAX = 90;

    /** What a tier on the Java heap may have. */
    static CapacityLimits ofHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        String words = HEAP_PERCENT_MAX + " % of the Java heap of " + Size.ofBytes(heap) + " (option -Xmx)";
        return new CapacityLimits("heap", heap, heap / 100 * HEAP_PERCENT_MAX, words);
    }

    /** What a tier in native memory may have. */
    static CapacityLimits ofMachine() {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new CapacityLimits("offheap", memory, memory, "the memory of this machine, " + Size.ofBytes(memory));
    }

    /**
     * The capacity a tier is configured with, in bytes.
     *
     * @throws ConfigException if the capacity is not allowed, or the tier has settings, for it knows none
     */
    long check(TierConfig config) {
        if (!config.settings().isEmpty()) {
            throw new ConfigException("tier " + type + ": unknown setting \""
                    + config.settings().keySet().iterator().next() + "\"; allowed: none");
        }
        long capacity = config.capacity().resolve(whole);
        String value = config.capacity().isPercent()
                ? config.capacity() + " (" + Size.ofBytes(Math.max(1, capacity)) + ")"
                : config.capacity().toString();
        check(capacity, value, Geometry.CAPACITY_MIN, Geometry.CAPACITY_MAX);
        return capacity;
    }

    /**
     * Checks the capacity of a tier that runs.
     *
     * @param least the smallest this tier can have, in bytes
     * @param largest the largest this tier can have, in bytes, whatever the machine has
     * @throws ConfigException if the capacity is not allowed
     */
    void check(long capacity, long least, long largest) {
        check(capacity, capacity > 0 ? Size.ofBytes(capacity).toString() : capacity + " bytes", least, largest);
    }

    private void check(long capacity, String value, long least, long largest) {
        if (capacity < least) {
            throw wrong(value, "at least " + Size.ofBytes(least));
        }
        if (capacity > largest) {
            throw wrong(value, "at most " + Size.ofBytes(largest));
        }
        if (capacity > most) {
            throw wrong(value, "at most " + mostInWords);
        }
    }

    private ConfigException wrong(String value, String allowed) {
        return new ConfigException("tier " + type + ": capacity " + value + " cannot be used; allowed: " + allowed);
    }
}
