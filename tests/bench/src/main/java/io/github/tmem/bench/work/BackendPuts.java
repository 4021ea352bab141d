package io.github.tmem.bench.work;

import io.github.tmem.bench.timing.Contestant;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Encoded pages put into a backend alone, in the order of the keys, each in place of the copy that the key had: a put and
 * a flush. Those who divide the order among threads share one {@link BackendCopies}.
 */
public final class BackendPuts implements Contestant {
    private final String name;
    private final BackendCopies copies;
    private final Keys keys;
    private final MemorySegment[] encoded;
    private long copyId;

    /** Puts of {@code encoded} pages, from the first to the last and again. */
    public BackendPuts(String name, BackendCopies copies, Keys keys, byte[][] encoded) {
        this.name = name;
        this.copies = copies;
        copyId = copies.newSeries();
        this.keys = keys;
        this.encoded = Arrays.stream(encoded).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
    }

    @Override
    public String name() {
        return name;
    }

    /** Puts all pages for the first time. */
    public BackendPuts filled() {
        for (int key = 0; key < keys.count(); key++) {
            copies.add(key, ++copyId, encoded[key % encoded.length]);
        }
        return this;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            int key = keys.at(place);
            copies.replace(key, ++copyId, encoded[key % encoded.length]);
        }
    }
}
