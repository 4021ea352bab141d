package io.github.tmem.remote.server;

import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for answers. */
public final class Waiting {
    /** Longer than any command is given. */
    private static final long BACKGROUND_SECONDS_MAX = 65;

    private Waiting() {}

    /**
     * Waits, whether this thread is interrupted or not; an interrupt is kept for later.
     *
     * @return null if there is an answer, else why not
     */
    public static @Nullable Throwable await(Future<?> answer, long nanos) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause() == null ? e : e.getCause();
                } catch (TimeoutException | java.util.concurrent.CancellationException e) {
                    return e;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits for what has an end of its own, because each command has one.
     *
     * @return what comes of it, {@code without} if nothing does
     */
    public static <T> T result(CompletableFuture<T> answer, T without) {
        Throwable failure = await(answer, TimeUnit.SECONDS.toNanos(BACKGROUND_SECONDS_MAX));
        return failure == null ? answer.join() : without;
    }

    /** Passes on what comes of a put; also if the settling of its answer fails: whoever waits has to hear of an end. */
    public static void tell(CompletableFuture<Long> answer, Completion completion) {
        CompletionStage<Long> telling = answer.whenComplete(
                (result, failure) -> completion.complete(failure == null ? result : Outcome.UNAVAILABLE));
        assert telling != null;
    }

    /**
     * Waits in the background, until the command's own end.
     *
     * @throws Unusable if there is no answer, or an error
     */
    public static <T> T get(CompletionStage<T> answer, ServerAddress address) throws Unusable {
        try {
            return answer.toCompletableFuture().get(BACKGROUND_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unusable(Unusable.Fault.UNREACHABLE, "interrupted while waiting for " + address);
        } catch (ExecutionException | TimeoutException | java.util.concurrent.CancellationException e) {
            throw Unusable.of(e, address);
        }
    }
}
