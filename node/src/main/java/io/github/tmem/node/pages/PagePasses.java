package io.github.tmem.node.pages;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** Passes over the pages of files with one pool. Not thread-safe. */
final class PagePasses {
    private static final ObjectId FILES = ObjectId.of(1);

    private final PageFiles files;
    private final PersistentPool pool;
    private final int count;
    private final BitSet stored = new BitSet();
    private final MemorySegment read = MemorySegment.ofArray(new byte[PageFiles.PAGE_BYTES]);

    /** Passes over the first {@code count} pages of {@code files}. */
    PagePasses(PageFiles files, PersistentPool pool, int count) {
        this.files = files;
        this.pool = pool;
        this.count = count;
    }

    /** The number of pages. */
    int count() {
        return count;
    }

    /** Puts one page. */
    void put(int page) {
        stored.set(page, pool.put(FILES, page, files.page(page)).stored());
    }

    /** Puts every page. Returns the nanoseconds that took. */
    long putAll() {
        long begin = System.nanoTime();
        for (int page = 0; page < count; page++) {
            put(page);
        }
        return System.nanoTime() - begin;
    }

    /** Gets every page that is stored. Returns the nanoseconds that took. */
    long getAll() {
        long begin = System.nanoTime();
        for (int page = stored.nextSetBit(0); page >= 0; page = stored.nextSetBit(page + 1)) {
            pool.get(FILES, page, read);
        }
        return System.nanoTime() - begin;
    }

    /** Gets every page that is stored, and counts those that do not come back as they were. */
    long wrong() {
        long wrong = 0;
        for (int page = stored.nextSetBit(0); page >= 0; page = stored.nextSetBit(page + 1)) {
            boolean right = pool.get(FILES, page, read) && files.page(page).mismatch(read) < 0;
            wrong += right ? 0 : 1;
        }
        return wrong;
    }

    /** Forgets every page. */
    void forgetAll() {
        pool.flushObject(FILES);
        stored.clear();
    }

    /** How many pages are stored. */
    int stored() {
        return stored.cardinality();
    }
}
