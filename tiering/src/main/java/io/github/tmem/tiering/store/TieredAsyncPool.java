package io.github.tmem.tiering.store;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The asynchronous calls of a pool. The pages of a batch that have the same index are one part of its {@link Flight}, done
 * one after the other in array order, so that the last wins; puts of them by the caller, for the store has room for the copy
 * of one page. Thread-safe.
 */
final class TieredAsyncPool implements AsyncPool {
    private final TieredPool pool;
    private final InFlight inFlight;

    TieredAsyncPool(TieredPool pool, InFlight inFlight) {
        this.pool = pool;
        this.inFlight = inFlight;
    }

    @Override
    public CompletionStage<PutResult> putAsync(ObjectId object, long index, MemorySegment page) {
        return putAll(object, new long[] {index}, page, results -> results[0]);
    }

    @Override
    public CompletionStage<PutResult[]> putAllAsync(ObjectId object, long[] indexes, MemorySegment pages) {
        return putAll(object, indexes, pages, results -> results);
    }

    @Override
    public CompletionStage<Boolean> getAsync(ObjectId object, long index, MemorySegment destination) {
        return getAll(object, new long[] {index}, destination, results -> pool.isHit(results[0], object, index));
    }

    @Override
    public CompletionStage<GetResult[]> getAllAsync(ObjectId object, long[] indexes, MemorySegment destination) {
        return getAll(object, indexes, destination, results -> results);
    }

    private <T> CompletionStage<T> putAll(
            ObjectId object, long[] indexes, MemorySegment pages, Function<PutResult[], T> outcome) {
        pool.checkPages(object, pages, indexes.length);
        PutResult[] results = new PutResult[indexes.length];
        return fly(indexes, () -> outcome.apply(results), (flight, index, positions) -> {
            if (positions.size() == 1 && pool.hasSlowTier()) {
                flight.depart(() -> {
                    int position = positions.getFirst();
                    byte[] copy = pool.page(pages, position).toArray(ValueLayout.JAVA_BYTE);
                    return () -> results[position] = pool.putEntered(object, index, copy);
                });
            } else {
                flight.stay(() -> positions.forEach(
                        position -> results[position] = pool.putEntered(object, index, pool.page(pages, position))));
            }
        });
    }

    private <T> CompletionStage<T> getAll(
            ObjectId object, long[] indexes, MemorySegment destination, Function<GetResult[], T> outcome) {
        pool.checkSharedDestination(object, destination, indexes.length);
        GetResult[] results = new GetResult[indexes.length];
        return fly(indexes, () -> outcome.apply(results), (flight, index, positions) -> {
            Runnable gets = () -> positions.forEach(
                    position -> results[position] = pool.getEntered(object, index, pool.page(destination, position)));
            if (pool.isFar(object, index)) {
                flight.depart(() -> gets);
            } else {
                flight.stay(gets);
            }
        });
    }

    /** Waits for a stage; throws what it failed with. */
    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** Adds the part for one index, and its positions in the batch, to an operation. */
    @FunctionalInterface
    private interface Part {
        void addTo(Flight<?> flight, long index, List<Integer> positions);
    }

    private <T> CompletionStage<T> fly(long[] indexes, Supplier<T> outcome, Part part) {
        Map<Long, List<Integer>> positions = new LinkedHashMap<>();
        for (int i = 0; i < indexes.length; i++) {
            positions.computeIfAbsent(indexes[i], index -> new ArrayList<>(1)).add(i);
        }
        int ticket;
        try {
            ticket = pool.enter();
        } catch (PoolClosedException closed) {
            return CompletableFuture.failedFuture(closed);
        }
        Flight<T> flight = inFlight.flight(pool.pageSize(), outcome, () -> pool.leave(ticket));
        positions.forEach((index, places) -> flight.stay(() -> part.addTo(flight, index, places)));
        return flight.result();
    }
}
