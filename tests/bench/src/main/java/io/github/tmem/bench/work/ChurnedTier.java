package io.github.tmem.bench.work;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** A store of one tier with pages of one kind, which come and go. Belongs to one thread. */
public final class ChurnedTier implements AutoCloseable {
    private static final long SEED = 20_260_103;

    /** So that the indexes of pages are all over the place: odd, so that no two are equal. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** Directory bytes by those of the tier: room for more pages than the tier has. */
    private static final int DIRECTORY_PARTS = 4;

    private final BenchStore store;
    private final PagePool pool;
    private final Keys objects = new Keys(Keys.OBJECTS);

    /** The number of the next page; those below were put at some time. */
    private int next;

    /** An empty tier of this type with {@code capacity} bytes. */
    public ChurnedTier(String type, PageKind kind, long capacity) {
        TierConfig only = TierConfig.of(type, Size.ofBytes(capacity)).withWatermarks(100, 100);
        store = BenchStore.open(PageSet.PAGE_SIZE, capacity / DIRECTORY_PARTS, only);
        pool = store.pool(kind);
    }

    private boolean put(int number, byte[] page) {
        return pool.put(objects.object(number), number * SPREAD, page).stored();
    }

    /** Puts pages, again and again, until one is refused or pushes another out. */
    public void fill(List<byte[]> pages) {
        long evicted = pool.stats().evicted();
        boolean fits = true;
        for (int i = 0; fits; i++) {
            fits = put(next++, pages.get(i % pages.size())) && pool.stats().evicted() == evicted;
        }
    }

    /** Flushes so many of all pages. Returns the numbers of the others. */
    public BitSet flushAtRandom(int percent) {
        SplittableRandom random = new SplittableRandom(SEED);
        BitSet kept = new BitSet();
        for (int number = 0; number < next; number++) {
            if (random.nextInt(100) < percent) {
                pool.flush(objects.object(number), number * SPREAD);
            } else {
                kept.set(number);
            }
        }
        return kept;
    }

    /** Puts the pages that stayed in another tier, which had been filled with {@code pages}. */
    public void putOnly(BitSet kept, List<byte[]> pages) {
        kept.stream().forEach(number -> put(number, pages.get(number % pages.size())));
        next = kept.length();
    }

    /** The number of pages in the tier. */
    public long pages() {
        return pool.pageCount();
    }

    /** The bytes of the pages in the tier by the memory that it takes, the directory's included. */
    public double density() {
        return (double) store.tier().rawBytes() / store.bytesUsed();
    }

    @Override
    public void close() {
        store.close();
    }
}
