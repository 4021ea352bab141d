package io.github.tmem.tiering.store;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.codec.CallerPage;
import java.lang.foreign.MemorySegment;

/** What is asked of callers' memory before anything happens: a wrong buffer changes nothing. Thread-safe. */
record Buffers(PoolConfig config) {

    void checkSize(long given, long bytes) {
        if (given != bytes) {
            throw wrong("a buffer of " + given + " bytes was given, " + bytes + " are needed (page size "
                    + config.pageSize() + ")");
        }
    }

    void checkLength(long given, int most) {
        if (given > most) {
            throw wrong("a value of " + given + " bytes was given, the longest has " + most);
        }
    }

    void checkCount(int most) {
        if (most < 1) {
            throw wrong(most + " keys are wanted, 1 is the least");
        }
    }

    void checkDestination(MemorySegment destination, long bytes) {
        checkSize(destination.byteSize(), bytes);
        checkWritable(destination);
    }

    void checkWritable(MemorySegment destination) {
        checkAccess(destination);
        if (destination.isReadOnly()) {
            throw wrong("the destination is read-only");
        }
    }

    /** A buffer that cannot be written must be refused before an exclusive get takes the page for it. */
    void checkAccess(MemorySegment buffer) {
        if (!buffer.scope().isAlive() || !buffer.isAccessibleBy(Thread.currentThread())) {
            throw wrong("the buffer's arena is closed or belongs to another thread");
        }
    }

    /** For a buffer that other threads are to write to. */
    void checkOpenToAll(MemorySegment destination) {
        if (!CallerPage.isOpenToAll(destination)) {
            throw wrong("the destination's arena is confined to one thread; heap memory or a shared or automatic arena"
                    + " is needed");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("pool " + config.name() + ": " + what);
    }
}
