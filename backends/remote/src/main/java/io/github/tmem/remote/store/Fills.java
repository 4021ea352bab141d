package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The pages of one pool that are being read from their source: one reader at a time for each. Thread-safe. */
final class Fills {
    private final ConcurrentHashMap<PageName, Turn> turns = new ConcurrentHashMap<>();

    private record PageName(ObjectId object, long index) {}

    private record Turn(Thread holder, CompletableFuture<Void> ended) {}

    /**
     * Takes the turn for a page if nobody has it, to be given up with {@link #end}; else waits until it was given up.
     *
     * @return whether the caller has the turn
     * @throws IllegalStateException if the caller has it already
     */
    boolean begin(ObjectId object, long index) {
        Turn mine = new Turn(Thread.currentThread(), new CompletableFuture<>());
        Turn other = turns.putIfAbsent(new PageName(object, index), mine);
        if (other == null) {
            return true;
        }
        if (other.holder.equals(Thread.currentThread())) {
            throw new IllegalStateException("the loader of object " + object + ", page " + Long.toUnsignedString(index)
                    + " asks getOrFill for that page itself");
        }
        other.ended.join();
        return false;
    }

    /** Gives the caller's turn up: all who wait look for the page again. */
    void end(ObjectId object, long index) {
        Turn mine = turns.remove(new PageName(object, index));
        assert mine != null && mine.holder.equals(Thread.currentThread());
        mine.ended.complete(null);
    }
}
