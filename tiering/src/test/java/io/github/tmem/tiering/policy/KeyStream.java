package io.github.tmem.tiering.policy;

import java.util.Random;

/** Keys as stores see them: skewed ones, whose favourites change, loops longer than the store, and scans. */
final class KeyStream {
    private static final int PHASE = 4_000;
    private static final long LOOP = 1L << 32;
    private static final long SCAN = 2L << 32;

    private final Random random;
    private final int pages;
    private final int lengthSpread;
    private long position;
    private long looped;
    private long scanned;

    /**
     * Keys for a store of about so many pages.
     *
     * @param lengthSpread pages are 1,000 bytes long, and up to so many more
     */
    KeyStream(long seed, int pages, int lengthSpread) {
        this.random = new Random(seed);
        this.pages = pages;
        this.lengthSpread = lengthSpread;
    }

    long next() {
        long phase = position++ / PHASE;
        int choice = random.nextInt(100);
        if (choice < 60) {
            return (long) (8 * pages * Math.pow(random.nextDouble(), 4)) + phase / 4 * pages;
        }
        boolean loops = phase % 3 > 0;
        return loops && choice < 95 ? LOOP + looped++ % (pages + pages / 2) : SCAN + scanned++;
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** A short page, a long one, or one in between; always the same for a key. */
    int length(long key) {
        return 1_000 + (lengthSpread == 0 ? 0 : (int) Math.floorMod(hash(key) >>> 7, lengthSpread + 1L));
    }

    /** A hash as the directory's: every bit depends on every bit (the finalizer of SplitMix64, public domain). */
    static long hash(long key) {
        long h = key + 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
        return h ^ h >>> 31;
    }
}
