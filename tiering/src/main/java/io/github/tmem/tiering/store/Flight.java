package io.github.tmem.tiering.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous operation: parts that run on virtual threads of their own, and an outcome once all have ended. Whatever
 * a part throws becomes the outcome; the other parts run nevertheless. Parts are added by one thread.
 */
final class Flight<T> {
    private final InFlight inFlight;
    private final int pageSize;
    private final Supplier<T> outcome;
    private final Runnable ended;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Parts that have not ended, and one more until all have been added. */
    private final AtomicInteger left = new AtomicInteger(1);

    Flight(InFlight inFlight, int pageSize, Supplier<T> outcome, Runnable ended) {
        this.inFlight = inFlight;
        this.pageSize = pageSize;
        this.outcome = outcome;
        this.ended = ended;
    }

    /** Runs a part here and now. */
    void stay(Runnable part) {
        try {
            part.run();
        } catch (Throwable thrown) { // whoever waits for the outcome must hear of anything
            failed(thrown);
        }
    }

    /**
     * Runs a part on a thread of its own, once the store has room for it.
     *
     * @param preparation runs here when there is room, and returns the part
     */
    void depart(Supplier<Runnable> preparation) {
        inFlight.acquire(pageSize);
        left.incrementAndGet();
        boolean departed = false;
        try {
            Runnable part = preparation.get();
            Thread.ofVirtual().name("tmem-async").start(() -> {
                stay(part);
                land();
            });
            departed = true;
        } catch (RuntimeException | Error thrown) {
            failed(thrown);
        } finally {
            if (!departed) {
                land();
            }
        }
    }

    private void failed(Throwable thrown) {
        if (!failure.compareAndSet(null, thrown)) {
            Throwable first = failure.get();
            if (first != null && !first.equals(thrown)) {
                first.addSuppressed(thrown);
            }
        }
    }

    private void land() {
        inFlight.release(pageSize); // before the outcome is heard of: who hears it may want the room
        countDown();
    }

    /** Says that all parts have been added; returns the outcome to come, which only their end completes. */
    CompletionStage<T> result() {
        countDown();
        return result.minimalCompletionStage();
    }

    private void countDown() {
        if (left.decrementAndGet() > 0) {
            return;
        }
        ended.run();
        stay(() -> {
            if (failure.get() == null) {
                result.complete(outcome.get());
            }
        });
        Throwable thrown = failure.get();
        if (thrown != null) {
            result.completeExceptionally(thrown);
        }
    }
}
