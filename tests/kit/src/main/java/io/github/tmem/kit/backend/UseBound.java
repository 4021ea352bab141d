package io.github.tmem.kit.backend;

/**
 * How much a backend may use: its capacity or, when a resize made that smaller than the use, what was used at the last look.
 * Looks that overlap a resize say nothing. Thread-safe.
 */
final class UseBound {
    private long capacityBytes;
    private long ceilingBytes;
    private long changes;

    /** What held before the use was asked for. */
    record Look(long changes, long ceilingBytes) {}

    UseBound(long capacityBytes) {
        endResize(capacityBytes, 0);
    }

    synchronized Look look() {
        return new Look(changes, ceilingBytes);
    }

    /** Whether so much may be used, looked up after {@code look}. */
    synchronized boolean allows(long usedBytes, Look look) {
        if (look.changes() != changes) {
            return true;
        }
        ceilingBytes = Math.min(ceilingBytes, Math.max(capacityBytes, usedBytes));
        return usedBytes <= look.ceilingBytes();
    }

    synchronized void beginResize() {
        changes++;
        ceilingBytes = Long.MAX_VALUE;
        capacityBytes = Long.MAX_VALUE;
    }

    synchronized void endResize(long newCapacityBytes, long usedBytes) {
        changes++;
        capacityBytes = newCapacityBytes;
        ceilingBytes = Math.max(newCapacityBytes, usedBytes);
    }
}
