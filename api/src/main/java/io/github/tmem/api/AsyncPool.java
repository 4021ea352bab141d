package io.github.tmem.api;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;

/**
 * The calls of a {@link PagePool} that may have to wait for a slow tier, without waiting. Many pages are under way at
 * once, which is what a device or a network is good at; in a chain of local tiers these calls gain nothing.
 *
 * <p><b>Where they run.</b> An operation that meets no slow tier runs in the caller, and the stage is complete on return:
 * every put into a chain without slow tiers, and a get of a page that seems to be in a local tier, or nowhere. All others
 * run on a virtual thread each, which also runs what depends on the stage. Puts of one batch with the same index run in the
 * caller, too.
 *
 * <p><b>Back-pressure.</b> A store has at most 1,024 pages under way (fewer if they are longer than 64 KiB: 64 MiB of
 * them). A call that would exceed that waits until others have ended, before it returns.
 *
 * <p><b>Order.</b> Each operation takes place at some moment between the call and the completion (L8). Two operations on
 * one key have an order only if the second is called after the first is complete.
 *
 * <p><b>Errors.</b> Wrong arguments are thrown by the call, and nothing has happened. Everything else completes the stage
 * exceptionally: with what the synchronous call throws, unwrapped, and with {@link PoolClosedException} after the pool or
 * its store was closed. A time-out or cancellation of a future that was made of the stage ends only that future: the
 * operation goes on. What was called before completes as usual: {@link PageStore#close()} waits for it.
 *
 * <p>Thread-safe.
 */
public interface AsyncPool {
    /**
     * As {@link PagePool#put(ObjectId, long, MemorySegment)}. The page is copied before the return: its buffer may be
     * reused at once (L7).
     */
    CompletionStage<PutResult> putAsync(ObjectId object, long index, MemorySegment page);

    /**
     * As {@link PagePool#get(ObjectId, long, MemorySegment)}. The destination belongs to the operation until the stage is
     * complete.
     *
     * @param destination accessible by every thread: heap memory, or of a shared, automatic or global arena
     * @return completes with whether the page was delivered
     * @throws IllegalArgumentException also if the destination belongs to one thread
     */
    CompletionStage<Boolean> getAsync(ObjectId object, long index, MemorySegment destination);

    /**
     * As {@link PagePool#putAll}, with all pages under way at once. The pages are copied before the return. If a page's
     * put throws, the others are done nevertheless.
     */
    CompletionStage<PutResult[]> putAllAsync(ObjectId object, long[] indexes, MemorySegment pages);

    /**
     * As {@link PagePool#getAll}, with all pages under way at once. The destination belongs to the operation until the
     * stage is complete.
     *
     * @param destination as for {@link #getAsync}
     * @throws IllegalArgumentException also if the destination belongs to one thread
     */
    CompletionStage<GetResult[]> getAllAsync(ObjectId object, long[] indexes, MemorySegment destination);
}
