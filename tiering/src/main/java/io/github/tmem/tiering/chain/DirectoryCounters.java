package io.github.tmem.tiering.chain;

import java.util.concurrent.atomic.LongAdder;

/** What has happened to the same-filled pages of one chain, which no tier holds (L11). Thread-safe. */
final class DirectoryCounters {
    final LongAdder stored = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder evicted = new LongAdder();
}
