package io.github.tmem.bench.work;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The copies in a backend, by the place of their key in the order of the visits, as all that {@link Keys} tells: who demotes a page
 * has its directory entry at hand. Any number of threads, at different places.
 */
public final class BackendCopies implements AutoCloseable {
    private static final long SERIES_LENGTH = 1L << 40;

    private final Backend backend;
    private final long[] locators;
    private final AtomicLong series = new AtomicLong();

    private BackendCopies(Backend backend, int keys) {
        this.backend = backend;
        locators = new long[keys];
    }

    /** An empty backend of this tier type with room for {@code bytes}. */
    public static BackendCopies open(String type, int keys, long bytes) {
        return new BackendCopies(provider(type).open(TierConfig.of(type, Size.ofBytes(bytes))), keys);
    }

    /** Who opens backends of this tier type. */
    public static BackendProvider provider(String type) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    /** The number before the first of a series of copies that nobody else numbers. */
    long newSeries() {
        return series.getAndAdd(SERIES_LENGTH);
    }

    /** Stores the first copy of the key at a place, under a number of its own. */
    void add(int place, long copyId, MemorySegment encoded) {
        long locator = backend.put(copyId, PageKind.EPHEMERAL, place, encoded, (int) encoded.byteSize());
        if (locator < 0) {
            throw new IllegalStateException("a backend with room enough said " + Outcome.name(locator));
        }
        locators[place] = locator;
    }

    /** Stores another copy of the key at a place, then frees the one before. */
    void replace(int place, long copyId, MemorySegment encoded) {
        long before = locators[place];
        add(place, copyId, encoded);
        backend.flush(before);
    }

    /** Reads the copy of the key at a place, of {@code length} bytes. */
    public void read(int place, MemorySegment destination, int length) {
        int result = backend.get(locators[place], destination, length);
        if (result != length) {
            throw new IllegalStateException("a copy said " + Outcome.name(result));
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}
