package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.codec.Codecs;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lends {@link Scratch}es. A thread tries a place of its own first, so that its buffers stay in its core's cache; virtual
 * threads share the places. No more scratches live on than there are places. Thread-safe.
 */
final class ScratchPool implements AutoCloseable {
    private static final int PROBES = 4;

    private final Codecs codecs;
    private final AtomicReferenceArray<@Nullable Scratch> places;
    private volatile boolean closed;

    /** A pool of scratches that know {@code codecs}. */
    ScratchPool(Codecs codecs) {
        this.codecs = codecs;
        int cores = Runtime.getRuntime().availableProcessors();
        places = new AtomicReferenceArray<>(Integer.highestOneBit(cores * 8));
    }

    /** Lends a scratch, prepared for pages of {@code pageSize} bytes. Give it back with {@link #release}. */
    Scratch acquire(int pageSize) {
        Scratch scratch = find();
        if (scratch == null) {
            scratch = new Scratch(codecs);
        }
        boolean ready = false;
        try {
            scratch.page().prepare(pageSize);
            ready = true;
            return scratch;
        } finally {
            if (!ready) {
                scratch.close(); // memory ran out
            }
        }
    }

    private @Nullable Scratch find() {
        int start = place();
        for (int i = 0; i < PROBES; i++) {
            int place = (start + i) & (places.length() - 1);
            if (places.getOpaque(place) != null) {
                Scratch scratch = places.getAndSet(place, null);
                if (scratch != null && scratch.knows(codecs)) {
                    return scratch;
                }
                if (scratch != null) {
                    scratch.close(); // a codec has come since
                }
            }
        }
        return null;
    }

    /** Takes a scratch back. */
    void release(Scratch scratch) {
        scratch.clear();
        int start = place();
        for (int i = 0; i < PROBES && !closed; i++) {
            int place = (start + i) & (places.length() - 1);
            if (places.getOpaque(place) == null && places.compareAndSet(place, null, scratch)) {
                if (closed) {
                    closePlace(place);
                }
                return;
            }
        }
        scratch.close();
    }

    private int place() {
        long id = Thread.currentThread().threadId();
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & (places.length() - 1);
    }

    private void closePlace(int place) {
        Scratch scratch = places.getAndSet(place, null);
        if (scratch != null) {
            scratch.close();
        }
    }

    /** Closes all scratches; those still lent are closed when they come back. */
    @Override
    public void close() {
        closed = true;
        for (int place = 0; place < places.length(); place++) {
            closePlace(place);
        }
    }
}
