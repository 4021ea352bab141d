package io.github.tmem.remote.store;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A node's pool for callers that do not wait. Thread-safe. */
final class NodeAsyncPool implements AsyncPool {
    private final NodePool pool;

    NodeAsyncPool(NodePool pool) {
        this.pool = pool;
    }

    @Override
    public CompletionStage<PutResult> putAsync(ObjectId object, long index, MemorySegment page) {
        Call<PutResult> call = pool.putCall(object, index, page);
        return stage(() -> start(call));
    }

    @Override
    public CompletionStage<Boolean> getAsync(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        pool.buffers().checkShared(destination, 1);
        return stage(() -> get(object, index, destination));
    }

    private CompletableFuture<Boolean> get(ObjectId object, long index, MemorySegment destination) {
        return pool.handsOver()
                ? pool.takeAsync(object, index, destination)
                : start(pool.requests().get(object, index, destination));
    }

    private <T> CompletableFuture<T> start(Call<T> call) {
        pool.send(call);
        return call.async(pool.timeoutNanos(), pool::failure);
    }

    @Override
    public CompletionStage<PutResult[]> putAllAsync(ObjectId object, long[] indexes, MemorySegment pages) {
        Objects.requireNonNull(object, "object");
        pool.buffers().checkPages(pages, indexes.length);
        List<Call<PutResult>> calls = new ArrayList<>(indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            calls.add(pool.putCall(object, indexes[i], pool.buffers().page(pages, i)));
        }
        return stage(() -> {
            pool.sendAll(calls);
            List<CompletableFuture<PutResult>> results = calls.stream()
                    .map(call -> call.async(pool.timeoutNanos(), pool::failure))
                    .toList();
            return all(results)
                    .thenApply(done ->
                            results.stream().map(CompletableFuture::join).toArray(PutResult[]::new));
        });
    }

    @Override
    public CompletionStage<GetResult[]> getAllAsync(ObjectId object, long[] indexes, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        pool.buffers().checkShared(destination, indexes.length);
        return stage(() -> {
            List<CompletableFuture<GetResult>> results = new ArrayList<>(indexes.length);
            for (int i = 0; i < indexes.length; i++) {
                MemorySegment page = pool.buffers().page(destination, i);
                long index = indexes[i];
                results.add(stage(() -> get(object, index, page)).handle(NodeAsyncPool::outcome));
            }
            return all(results)
                    .thenApply(done ->
                            results.stream().map(CompletableFuture::join).toArray(GetResult[]::new));
        });
    }

    private static GetResult outcome(Boolean hit, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return hit ? GetResult.HIT : GetResult.MISS;
        }
        if (cause instanceof PageUnavailableException) {
            return GetResult.UNAVAILABLE;
        }
        if (cause instanceof PageLostException) {
            return GetResult.LOST;
        }
        throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
    }

    /** A stage that fails with what is thrown, as it is; who cancels it ends nothing else. */
    @SuppressWarnings("FutureReturnValueIgnored") // it completes the stage, which is returned
    private static <T> CompletableFuture<T> stage(Supplier<CompletableFuture<T>> start) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        try {
            start.get().whenComplete((result, failure) -> {
                if (failure == null) {
                    stage.complete(result);
                } else {
                    stage.completeExceptionally(
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure);
                }
            });
        } catch (RuntimeException failure) {
            stage.completeExceptionally(failure);
        }
        return stage;
    }
}
