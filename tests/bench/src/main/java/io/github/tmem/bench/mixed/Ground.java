package io.github.tmem.bench.mixed;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.PageSet;
import java.util.SplittableRandom;

/** What the workers share. Thread-safe. */
final class Ground {
    /** The number of workers. Divides the number of objects, so that each object is one worker's. */
    static final int WORKERS = 2;

    private final Generations generations;
    private final MarkedPages pages;
    private final WrongPages wrong = new WrongPages();
    private final byte[][] plain;
    private final byte[][] encoded;

    /** Over so many slots, with pages of {@code set}. */
    Ground(int slots, PageSet set) {
        generations = new Generations(slots);
        pages = new MarkedPages(set);
        plain = set.toArray();
        encoded = EncodedSet.of(set).encoded();
    }

    Generations generations() {
        return generations;
    }

    MarkedPages pages() {
        return pages;
    }

    WrongPages wrong() {
        return wrong;
    }

    /** The index that a slot has now; no two slots of one object ever have the same. */
    long index(int slot) {
        return slot + generations.born(slot) * generations.slots();
    }

    /** Checks a page that a get has delivered; {@code least} was read before the get began. */
    void check(byte[] page, int slot, long least) {
        long generation = pages.generationOf(page, slot);
        if (generation == MarkedPages.DAMAGED) {
            wrong.add("slot " + slot + ": another page, or a damaged one");
        } else if (!generations.allows(slot, least, generation)) {
            wrong.add("slot " + slot + ": generation " + generation + ", which is none from " + least
                    + " on that was put");
        }
    }

    byte[] anyPlain(SplittableRandom random) {
        return plain[random.nextInt(plain.length)];
    }

    byte[] anyEncoded(SplittableRandom random) {
        return encoded[random.nextInt(encoded.length)];
    }
}
