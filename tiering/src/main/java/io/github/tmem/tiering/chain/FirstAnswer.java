package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Books what a backend answers to a put that nobody waits for, and passes it on; once, whatever the backend says later. A copy
 * that is stored after no answer was given is owed a free by then. Thread-safe.
 */
final class FirstAnswer implements Completion {
    private final Tier tier;
    private final long copyId;
    private final int length;
    private final Completion next;
    private final AtomicBoolean given = new AtomicBoolean();

    FirstAnswer(Tier tier, long copyId, int length, Completion next) {
        this.tier = tier;
        this.copyId = copyId;
        this.length = length;
        this.next = next;
    }

    @Override
    public void complete(long result) {
        if (given.compareAndSet(false, true)) {
            long booked = Outcome.UNAVAILABLE;
            try {
                booked = tier.afterPut(copyId, length, result);
            } finally {
                next.complete(booked);
            }
        }
    }
}
