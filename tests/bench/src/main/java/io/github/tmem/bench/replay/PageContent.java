package io.github.tmem.bench.replay;

import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * The bytes of each page: noise that no codec shrinks, with the page's number at both ends, so that a page of the store
 * shows whether it is the right one. Not thread-safe.
 */
final class PageContent {
    private static final int BYTES = PoolConfig.PAGE_SIZE_DEFAULT;
    private static final long LAST = BYTES - Long.BYTES;

    private final MemorySegment page = MemorySegment.ofArray(noise());
    private final MemorySegment read = MemorySegment.ofArray(new byte[BYTES]);

    private static byte[] noise() {
        byte[] bytes = new byte[BYTES];
        new Random(BYTES).nextBytes(bytes);
        return bytes;
    }

    /** The bytes of page {@code number}; good until the next call. */
    MemorySegment of(long number) {
        page.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        page.set(ValueLayout.JAVA_LONG_UNALIGNED, LAST, ~number);
        return page;
    }

    /** Where to read a page to. */
    MemorySegment destination() {
        return read;
    }

    /** Throws unless {@link #destination} holds page {@code number}. */
    void verify(long number) {
        if (of(number).mismatch(read) >= 0) {
            throw new IllegalStateException("the store gave wrong bytes for page " + number);
        }
    }
}
