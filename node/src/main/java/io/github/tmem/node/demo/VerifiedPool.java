package io.github.tmem.node.demo;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/**
 * One thread's view of a pool: it makes the calls, times them, and compares every answer with what the laws allow for the
 * objects of this thread. Every byte of a hit is compared with the source. Used by one thread at a time.
 */
final class VerifiedPool {
    /** How far apart in the source successive versions of a page are; prime, so that versions differ. */
    private static final int VERSION_STRIDE = 7919;

    private static final byte UNTOUCHED = 0x5A;

    private final PagePool pool;
    private final PageSource source;
    private final Findings findings;
    private final MemorySegment buffer;
    private final MemorySegment untouched;
    private final Histogram putNanos = new Histogram(2);
    private final Histogram hitNanos = new Histogram(2);
    private long hits;
    private long misses;
    private long rightMisses;

    VerifiedPool(PagePool pool, PageSource source, Findings findings) {
        this.pool = pool;
        this.source = source;
        this.findings = findings;
        buffer = MemorySegment.ofArray(new byte[pool.pageSize()]);
        untouched = MemorySegment.ofArray(new byte[pool.pageSize()]).fill(UNTOUCHED);
    }

    PagePool pool() {
        return pool;
    }

    Histogram putNanos() {
        return putNanos;
    }

    Histogram hitNanos() {
        return hitNanos;
    }

    /** Gets that delivered a page; all of its bytes were compared. */
    long hits() {
        return hits;
    }

    /** Gets that missed a page that had been stored and not yet ended by its owner. */
    long misses() {
        return misses;
    }

    /** Gets that missed because the page was never stored, or flushed, taken, refused, or missed before. */
    long rightMisses() {
        return rightMisses;
    }

    /** Puts the next version of a page. */
    void put(DemoObject object, int index) {
        MemorySegment page = content(object, index, object.nextVersion(index));
        long start = System.nanoTime();
        boolean stored = pool.put(object.id(), index, page).stored();
        putNanos.recordValue(System.nanoTime() - start);
        object.learn(index, stored ? Knowledge.CURRENT : Knowledge.REFUSED);
    }

    /** Gets a page and checks the answer. */
    void get(DemoObject object, int index) {
        buffer.fill(UNTOUCHED);
        boolean hit;
        try {
            long start = System.nanoTime();
            hit = pool.get(object.id(), index, buffer);
            if (hit) {
                hitNanos.recordValue(System.nanoTime() - start);
            }
        } catch (PageLostException | PageUnavailableException e) {
            report("L5: " + e.getMessage(), object, index);
            return;
        }
        if (hit) {
            checkHit(object, index);
        } else {
            checkMiss(object, index);
        }
    }

    private void checkHit(DemoObject object, int index) {
        hits++;
        if (object.knows(index) != Knowledge.CURRENT) {
            report(object.knows(index).whenHit + " was delivered", object, index);
            return;
        }
        int version = object.version(index);
        if (!bufferHolds(object, index, version)) {
            report(
                    isOlder(object, index) ? "L1: an older page was delivered" : "L6: other bytes were delivered",
                    object,
                    index);
        }
        if (pool.getMode() == GetMode.EXCLUSIVE) {
            object.learn(index, Knowledge.TAKEN);
        }
    }

    private boolean isOlder(DemoObject object, int index) {
        for (int version = object.version(index) - 1; version > 0; version--) {
            if (bufferHolds(object, index, version)) {
                return true;
            }
        }
        return false;
    }

    private void checkMiss(DemoObject object, int index) {
        if (buffer.mismatch(untouched) >= 0) {
            report("L6: a miss changed the buffer", object, index);
        }
        if (object.knows(index) == Knowledge.CURRENT) {
            if (pool.kind() == PageKind.PERSISTENT) {
                report("L5: a persistent page is missing", object, index);
            }
            object.learn(index, Knowledge.MISSED);
            misses++;
        } else {
            rightMisses++;
        }
    }

    /** Flushes a page and checks the answer. */
    void flush(DemoObject object, int index) {
        boolean found = pool.flush(object.id(), index);
        boolean current = object.knows(index) == Knowledge.CURRENT;
        if (found && !current) {
            report(object.knows(index).whenHit + " was found by a flush", object, index);
        } else if (!found && current && pool.kind() == PageKind.PERSISTENT) {
            report("L5: a persistent page was not found by its flush", object, index);
        }
        object.learn(index, Knowledge.FLUSHED);
    }

    /** Flushes a whole object and checks the number of pages it held. */
    void flushObject(DemoObject object) {
        long found = pool.flushObject(object.id());
        long current = object.current();
        boolean tooFew = pool.kind() == PageKind.PERSISTENT && found < current;
        if (found > current || tooFew) {
            findings.add("L4: flushObject of %s in pool %s found %d pages, not %d"
                    .formatted(object.id(), pool.name(), found, current));
        }
        for (int index = 0; index < object.pages(); index++) {
            object.learn(index, Knowledge.FLUSHED);
        }
    }

    private boolean bufferHolds(DemoObject object, int index, int version) {
        return buffer.mismatch(content(object, index, version)) < 0;
    }

    private MemorySegment content(DemoObject object, int index, int version) {
        long pages = source.byteSize() / pool.pageSize();
        long number = object.firstPage() + index + (version - 1L) * VERSION_STRIDE;
        return source.page(number % pages, pool.pageSize());
    }

    private void report(String finding, DemoObject object, int index) {
        findings.add("%s (pool %s, object %s, index %d)".formatted(finding, pool.name(), object.id(), index));
    }
}
