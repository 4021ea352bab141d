package io.github.tmem.bench.remote;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The place of one call that is under way: where its page goes, and who is told when it is over. */
final class Slot {
    private final MemorySegment page;
    private final Queue<Slot> free;
    private final AtomicReference<@Nullable String> trouble;

    /**
     * A place for pages of up to {@code length} bytes.
     *
     * @param free where it goes when the call is over
     * @param trouble where the first trouble goes
     */
    Slot(int length, Queue<Slot> free, AtomicReference<@Nullable String> trouble) {
        page = MemorySegment.ofArray(new byte[length]);
        this.free = free;
        this.trouble = trouble;
    }

    /** Where the page may be written. */
    MemorySegment page() {
        return page;
    }

    /** The call is over. Called once, on any thread; null if all was well. */
    void landed(@Nullable String complaint) {
        if (complaint != null) {
            trouble.compareAndSet(null, complaint);
        }
        free.add(this);
    }
}
