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

    /**
     * Puts of {@code encoded} pages, from the first to the last and again.
     *
     * @param keys each of them visited once
     */
    public BackendPuts(String name, BackendCopies copies, Keys keys, byte[][] encoded) {
        if (keys.places() != keys.count()) {
            throw new IllegalArgumentException(keys.places() + " visits of " + keys.count() + " keys");
        }
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

    /** Puts all pages for the first time, in another order than that of the visits. */
    public BackendPuts filled() {
        int[] placeOf = new int[keys.count()];
        for (int place = 0; place < placeOf.length; place++) {
            placeOf[keys.at(place)] = place;
        }
        for (int key = 0; key < keys.count(); key++) {
            copies.add(placeOf[key], ++copyId, encoded[key % encoded.length]);
        }
        return this;
    }

    @Override
    public void run(int from, int to) {
        for (int place = from; place < to; place++) {
            copies.replace(place, ++copyId, encoded[keys.at(place) % encoded.length]);
        }
    }
}
