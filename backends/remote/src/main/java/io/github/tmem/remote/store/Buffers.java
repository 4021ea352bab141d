package io.github.tmem.remote.store;

import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;

/** What is asked of callers' memory before anything happens: a wrong buffer changes nothing. Thread-safe. */
record Buffers(PoolConfig config) {
    private static final Thread ANOTHER = Thread.ofPlatform().unstarted(() -> {});

    void checkPages(MemorySegment pages, int count) {
        long bytes = (long) count * config.pageSize();
        if (pages.byteSize() != bytes) {
            throw wrong("a buffer of " + pages.byteSize() + " bytes was given, " + bytes + " are needed (page size "
                    + config.pageSize() + ")");
        }
        if (!pages.scope().isAlive() || !pages.isAccessibleBy(Thread.currentThread())) {
            throw wrong("the buffer's arena is closed or belongs to another thread");
        }
    }

    /** A buffer that cannot be written must be refused before an exclusive get takes the page for it. */
    void checkDestination(MemorySegment destination, int count) {
        checkPages(destination, count);
        if (destination.isReadOnly()) {
            throw wrong("the destination is read-only");
        }
    }

    /** For a buffer that other threads are to write to. */
    void checkShared(MemorySegment destination, int count) {
        checkDestination(destination, count);
        if (!destination.isAccessibleBy(ANOTHER)) {
            throw wrong("the destination's arena is confined to one thread; heap memory or a shared or automatic arena"
                    + " is needed");
        }
    }

    MemorySegment page(MemorySegment pages, int number) {
        return pages.asSlice((long) number * config.pageSize(), config.pageSize());
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("pool " + config.name() + ": " + what);
    }
}
