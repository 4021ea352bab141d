package io.github.tmem.bench.mixed;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What the collectors of this JVM have done.
 *
 * @param collections how often they ran
 * @param millis how long that took
 */
record Garbage(long collections, long millis) {

    /** Since the JVM started. */
    static Garbage now() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return new Garbage(
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum(),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum());
    }

    /** Since {@code before}. */
    Garbage since(Garbage before) {
        return new Garbage(collections - before.collections, millis - before.millis);
    }
}
