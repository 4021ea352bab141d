package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.Outcome;
import java.util.concurrent.atomic.LongAdder;

/** What has happened in one tier (L11); {@link io.github.tmem.api.stats.TierStats} says what each counts. Thread-safe. */
final class TierCounters {
    final LongAdder stored = new LongAdder();
    final LongAdder full = new LongAdder();
    final LongAdder declined = new LongAdder();
    final LongAdder unavailable = new LongAdder();
    final LongAdder frozen = new LongAdder();
    final LongAdder incompressible = new LongAdder();
    final LongAdder movesRefused = new LongAdder();
    final LongAdder unanswered = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder evicted = new LongAdder();
    final LongAdder demotedOut = new LongAdder();
    final LongAdder demotedIn = new LongAdder();
    final LongAdder promotedOut = new LongAdder();
    final LongAdder promotedIn = new LongAdder();
    final LongAdder relocated = new LongAdder();
    final LongAdder recoded = new LongAdder();
    final LongAdder corrupt = new LongAdder();
    final LongAdder gone = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder lost = new LongAdder();

    /** Counts what a put came to that did not store its page here. */
    void countRefusal(int outcome) {
        LongAdder counter = switch (outcome) {
            case Outcome.FULL -> full;
            case Outcome.DECLINED -> declined;
            case Tier.FROZEN -> frozen;
            case Admission.POOR_COMPRESSION -> incompressible;
            default -> unavailable;
        };
        counter.increment();
    }
}
