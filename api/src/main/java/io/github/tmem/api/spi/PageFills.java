package io.github.tmem.api.spi;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages of one pool that are being read from their source, one reader at a time for each: what a pool does for
 * {@link PagePool#getOrFill}. Pools that share one of these read a page once. Thread-safe.
 */
public final class PageFills {
    private final ConcurrentHashMap<PageName, Turn> turns = new ConcurrentHashMap<>();

    private record PageName(ObjectId object, long index) {}

    private record Turn(Thread holder, CompletableFuture<Void> ended) {}

    /** What is asked of the pool, as {@link PagePool} says. */
    public interface Pages {
        /** As {@link PagePool#get(ObjectId, long, MemorySegment)}. */
        boolean get(ObjectId object, long index, MemorySegment destination);

        /** As {@link PagePool#fillToken}. */
        long fillToken(ObjectId object, long index);

        /** As {@link PagePool#contains}. */
        boolean contains(ObjectId object, long index);

        /** As {@link PagePool#put(ObjectId, long, MemorySegment, long)}. */
        PutResult put(ObjectId object, long index, MemorySegment page, long token);
    }

    /** No page is being read. */
    public PageFills() {}

    /**
     * Does {@link PagePool#getOrFill} by the other operations of the pool.
     *
     * @return whether the page was in the pool
     * @throws E what the loader throws; nothing is stored then
     * @throws IllegalStateException if the loader of a page asks for that page itself
     */
    public <E extends Exception> boolean getOrFill(
            Pages pool, ObjectId object, long index, MemorySegment destination, PageLoader<E> loader) throws E {
        PageName page = new PageName(object, index);
        while (!pool.get(object, index, destination)) {
            if (begin(page)) {
                try {
                    long token = pool.fillToken(object, index);
                    if (!pool.contains(object, index)) { // nobody has filled it since the miss
                        loader.load(destination);
                        pool.put(object, index, destination, token);
                        return false;
                    }
                } finally {
                    end(page);
                }
            }
        }
        return true;
    }

    /** Takes the turn for a page if nobody has it; else waits until it was given up. Returns whether the caller has it. */
    private boolean begin(PageName page) {
        Turn other = turns.putIfAbsent(page, new Turn(Thread.currentThread(), new CompletableFuture<>()));
        if (other == null) {
            return true;
        }
        if (other.holder.equals(Thread.currentThread())) {
            throw new IllegalStateException("the loader of object " + page.object + ", page "
                    + Long.toUnsignedString(page.index) + " asks getOrFill for that page itself");
        }
        other.ended.join();
        return false;
    }

    /** Gives the caller's turn up: all who wait look for the page again. */
    private void end(PageName page) {
        Turn mine = turns.remove(page);
        assert mine != null && mine.holder.equals(Thread.currentThread());
        mine.ended.complete(null);
    }
}
