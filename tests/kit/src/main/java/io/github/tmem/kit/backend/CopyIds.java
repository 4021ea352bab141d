package io.github.tmem.kit.backend;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** The set of copy ids ever used. Cheap when ids are dense, as those of a counter are. Thread-safe. */
final class CopyIds {

    private static final int IDS_PER_CHUNK_SHIFT = 14;
    private static final int WORDS_PER_CHUNK = 1 << (IDS_PER_CHUNK_SHIFT - 6);

    private final ConcurrentHashMap<Long, AtomicLongArray> chunks = new ConcurrentHashMap<>();

    /** Adds {@code id}; false if it was there. */
    boolean add(long id) {
        AtomicLongArray chunk =
                chunks.computeIfAbsent(id >>> IDS_PER_CHUNK_SHIFT, number -> new AtomicLongArray(WORDS_PER_CHUNK));
        long bit = 1L << id;
        return (chunk.getAndUpdate(word(id), word -> word | bit) & bit) == 0;
    }

    boolean contains(long id) {
        AtomicLongArray chunk = chunks.get(id >>> IDS_PER_CHUNK_SHIFT);
        return chunk != null && (chunk.get(word(id)) & (1L << id)) != 0;
    }

    private static int word(long id) {
        return (int) (id >>> 6) & (WORDS_PER_CHUNK - 1);
    }
}
