package io.github.tmem.system.lincheck;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.backend.FilterBackend;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A tier that now and then hesitates before and after it copies: the steps of an operation lie around these calls, and are
 * otherwise so close together that two threads hardly ever meet between them.
 */
final class PausingBackend extends FilterBackend {
    private static final int ONE_IN = 4;
    private static final int NANOS_MAX = 60_000;

    PausingBackend(Backend wrapped) {
        super(wrapped);
    }

    private static void pause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(ONE_IN) == 0) {
            LockSupport.parkNanos(random.nextInt(NANOS_MAX));
        }
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        pause();
        long result = super.put(copyId, kind, owner, encoded, length);
        pause();
        return result;
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        pause();
        int result = super.get(locator, destination, length);
        pause();
        return result;
    }
}
