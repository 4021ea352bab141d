package io.github.tmem.kit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Tasks that run aside of the test's own thread, so that the test can stop them at a {@link Gate}. */
public final class Aside {

    private static final long SECONDS_MAX = 30;

    private Aside() {}

    /** Starts a task on a daemon thread of its own. */
    public static <T> CompletableFuture<T> start(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Starts a task that stops at a point of a gate, and waits until it has; {@link Gate#open} lets it go on. */
    public static <T> CompletableFuture<T> startUntil(Gate gate, String point, Supplier<T> task) {
        gate.shutForOne(point);
        CompletableFuture<T> result = start(task);
        gate.awaitArrival(point);
        return result;
    }

    /**
     * What a started task returned.
     *
     * @throws AssertionError if it failed, or does not end within 30 seconds
     */
    public static <T> T join(CompletableFuture<T> task) {
        try {
            return task.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the task failed", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the task did not end", e);
        }
    }
}
