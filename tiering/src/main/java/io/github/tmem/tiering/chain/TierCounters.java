package io.github.tmem.tiering.chain;

import java.util.concurrent.atomic.LongAdder;

/** What has happened in one tier (L11). Thread-safe. */
final class TierCounters {
    final LongAdder stored = new LongAdder();
    final LongAdder full = new LongAdder();
    final LongAdder declined = new LongAdder();
    final LongAdder unavailable = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder evicted = new LongAdder();
    final LongAdder demotedOut = new LongAdder();
    final LongAdder demotedIn = new LongAdder();
    final LongAdder promotedOut = new LongAdder();
    final LongAdder promotedIn = new LongAdder();
    final LongAdder relocated = new LongAdder();
    final LongAdder corrupt = new LongAdder();
    final LongAdder lost = new LongAdder();
}
