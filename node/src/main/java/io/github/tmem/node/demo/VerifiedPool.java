package io.github.tmem.node.demo;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.TmemException;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/**
 * One thread's view of a pool: it makes the calls, times them, and compares every answer with what the laws allow for the
 * objects of this thread. Every byte of a hit is compared with the source. Used by one thread at a time.
 */
final class VerifiedPool {
    /** How far apart in the source successive versions of a page are at least. */
    private static final long VERSION_STRIDE_MIN = 7919;

    private static final byte UNTOUCHED = 0x5A;

    private final PagePool pool;
    private final PageSource source;
    private final Findings findings;
    private final Tolerance tolerance;
    private final long pages;
    private final long stride;
    private final MemorySegment buffer;
    private final MemorySegment untouched;
    private final Histogram putNanos = new Histogram(2);
    private final Histogram hitNanos = new Histogram(2);
    private long hits;
    private long misses;
    private long rightMisses;
    private long lostPages;
    private long lostGets;
    private long unavailableGets;

    VerifiedPool(PagePool pool, PageSource source, Findings findings, Tolerance tolerance) {
        this.pool = pool;
        this.source = source;
        this.findings = findings;
        this.tolerance = tolerance;
        pages = source.byteSize() / pool.pageSize();
        stride = stride(pages);
        buffer = MemorySegment.ofArray(new byte[pool.pageSize()]);
        untouched = MemorySegment.ofArray(new byte[pool.pageSize()]).fill(UNTOUCHED);
    }

    /** One that has no divisor in common with the pages there are, so that as many versions are of different places. */
    static long stride(long pages) {
        long stride = VERSION_STRIDE_MIN;
        while (commonDivisor(stride, pages) > 1) {
            stride++;
        }
        return stride;
    }

    private static long commonDivisor(long one, long other) {
        return other == 0 ? one : commonDivisor(other, one % other);
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

    /** Pages that were reported lost; one that is put again and lost again counts twice. */
    long lostPages() {
        return lostPages;
    }

    /** Gets that reported a page lost. */
    long lostGets() {
        return lostGets;
    }

    /** Gets that could not reach the page. */
    long unavailableGets() {
        return unavailableGets;
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
        } catch (PageLostException lost) {
            checkLost(lost, object, index);
            return;
        } catch (PageUnavailableException unavailable) {
            checkUnavailable(unavailable, object, index);
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
        if (!object.knows(index).mayHit()) {
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
        object.learn(index, pool.getMode() == GetMode.EXCLUSIVE ? Knowledge.TAKEN : Knowledge.CURRENT);
    }

    private boolean isOlder(DemoObject object, int index) {
        for (int version = object.version(index) - 1; version > 0; version--) {
            if (bufferHolds(object, index, version)) {
                return true;
            }
        }
        return false;
    }

    /** A page that is lost stays lost for every get, until it is put or flushed (L5). */
    private void checkLost(PageLostException lost, DemoObject object, int index) {
        checkFailure("lost", object, index);
        if (object.knows(index).isHeld()) {
            judge(lost, object, index);
            lostGets++;
            lostPages += object.knows(index) == Knowledge.LOST ? 0 : 1;
            object.learn(index, Knowledge.LOST);
        }
    }

    /** A page that is out of reach is still there: it may come back, or turn out to be lost (L5). */
    private void checkUnavailable(PageUnavailableException unavailable, DemoObject object, int index) {
        checkFailure("unavailable", object, index);
        if (object.knows(index).mayHit()) {
            judge(unavailable, object, index);
            unavailableGets++;
            object.learn(index, Knowledge.UNAVAILABLE);
        } else if (object.knows(index) == Knowledge.LOST) {
            report("L5: a page that was reported lost was reported unavailable", object, index);
        }
    }

    /** Only a persistent page that is held can be lost or unavailable: of what has ended nothing is left to be so. */
    private void checkFailure(String word, DemoObject object, int index) {
        if (buffer.mismatch(untouched) >= 0) {
            report("L6: a get that failed changed the buffer", object, index);
        }
        if (!object.knows(index).isHeld()) {
            report(object.knows(index).whenHit + " was reported " + word, object, index);
        }
    }

    private void judge(TmemException failure, DemoObject object, int index) {
        if (tolerance == Tolerance.NONE || pool.kind() == PageKind.EPHEMERAL) {
            report("L5: " + failure.getMessage(), object, index);
        }
    }

    private void checkMiss(DemoObject object, int index) {
        if (buffer.mismatch(untouched) >= 0) {
            report("L6: a miss changed the buffer", object, index);
        }
        if (object.knows(index).isHeld()) {
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
        boolean held = object.knows(index).isHeld();
        if (found && !held) {
            report(object.knows(index).whenHit + " was found by a flush", object, index);
        } else if (!found && held && pool.kind() == PageKind.PERSISTENT) {
            report("L5: a persistent page was not found by its flush", object, index);
        }
        object.learn(index, Knowledge.FLUSHED);
    }

    /** Flushes a whole object and checks the number of pages it held. */
    void flushObject(DemoObject object) {
        long found = pool.flushObject(object.id());
        long held = object.held();
        boolean tooFew = pool.kind() == PageKind.PERSISTENT && found < held;
        if (found > held || tooFew) {
            findings.add("L4: flushObject of %s in pool %s found %d pages, not %d"
                    .formatted(object.id(), pool.name(), found, held));
        }
        for (int index = 0; index < object.pages(); index++) {
            object.learn(index, Knowledge.FLUSHED);
        }
    }

    private boolean bufferHolds(DemoObject object, int index, int version) {
        return buffer.mismatch(content(object, index, version)) < 0;
    }

    private MemorySegment content(DemoObject object, int index, int version) {
        long number = object.firstPage() + index + (version - 1L) * stride;
        return source.page(number % pages, pool.pageSize());
    }

    private void report(String finding, DemoObject object, int index) {
        findings.add("%s (pool %s, object %s, index %d)".formatted(finding, pool.name(), object.id(), index));
    }
}
