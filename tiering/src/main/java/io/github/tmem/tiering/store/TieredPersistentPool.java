package io.github.tmem.tiering.store;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.directory.PageScan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** The caller's handle of a pool of persistent pages. Thread-safe. */
final class TieredPersistentPool extends TieredPool implements PersistentPool {
    /** Where the last shrink left off: what it took is not looked for again. */
    private final PageScan scan;

    TieredPersistentPool(OpenPool pool, PoolConfig config, int sharer, TieredStore store) {
        super(pool, config, sharer, store);
        scan = scan();
    }

    @Override
    public List<PageKey> shrink(MemorySegment destination) {
        buffers().checkWritable(destination);
        SequencedSet<PageKey> taken = new LinkedHashSet<>();
        synchronized (scan) {
            int ticket = enter();
            try {
                take(destination, taken);
            } catch (RuntimeException | Error failure) {
                if (taken.isEmpty()) {
                    throw failure;
                } // else the caller must hear what it was given; the page that cannot be read is still there
            } finally {
                leave(ticket);
            }
        }
        return List.copyOf(taken);
    }

    private void take(MemorySegment destination, SequencedSet<PageKey> taken) {
        long room = destination.byteSize() / pageSize();
        List<PageKey> found = new ArrayList<>();
        scan.beginRound();
        while (taken.size() < room && scan.next(found)) {
            for (PageKey key : found) {
                if (taken.size() < room
                        && !taken.contains(key) // put again meanwhile: it is newer, and stays
                        && takeEntered(key, page(destination, taken.size())) == GetResult.HIT) {
                    taken.add(key);
                }
            }
            found.clear();
        }
    }
}
