package io.github.tmem.kit.model;

import io.github.tmem.api.PageKind;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What many threads did to one key, and what that forbids a get to say (L1, L2, L4, L5, L8).
 *
 * <p>Every operation has a start and an end on one clock, taken outside of it, so that one that ended before another
 * started really came first. A version is dead for a get when its put ended before an operation started that replaces,
 * removes or misses the page, or that put a version somebody saw, and that operation ended before the get began. A
 * persistent page may not be missed when its put ended before the get began and nothing that could remove it ended after
 * that put started. Both rules ignore whatever overlaps, so they raise no false alarm. A page can only be present,
 * unavailable or lost while there is one. The version of a refused put is never delivered. A fill may not be stored when a
 * put or flush lies wholly between its token and its put. Thread-safe.
 */
public final class KeyHistory {

    private static final long NEVER = Long.MAX_VALUE;

    private final AtomicLong clock;
    private final AtomicLong deadBefore = new AtomicLong();
    private final AtomicLong goneBefore = new AtomicLong();
    private final AtomicLong latestPutStart = new AtomicLong();
    private final AtomicLong latestPutEnd = new AtomicLong();
    private final AtomicLong latestRemovalEnd = new AtomicLong();
    private final AtomicLong latestChangeStart = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final ConcurrentHashMap<Long, Put> puts = new ConcurrentHashMap<>();

    /** One put. */
    private static final class Put {
        private final long start;
        private final AtomicBoolean taken = new AtomicBoolean();
        private volatile long end = NEVER;
        private volatile boolean refused;

        Put(long start) {
            this.start = start;
        }
    }

    /**
     * One operation under way.
     *
     * @param version the version it puts, or 0
     * @param start its start on the clock
     * @param deadBefore versions whose put ended before this must not be seen by it
     * @param goneBefore versions whose put ended before this have been removed
     * @param putStart the start of the latest put that had ended and stored its page when it began, or 0
     */
    public record Operation(long version, long start, long deadBefore, long goneBefore, long putStart) {}

    /**
     * The history of a key that has no page. All keys of a test share {@code clock}, which numbers the versions too: a
     * version that another key had, or the same key in a pool that is gone, is no version of this history.
     */
    public KeyHistory(AtomicLong clock) {
        this.clock = clock;
    }

    /** Call before a put; the operation names the version to put. */
    public Operation beginPut() {
        underWay.incrementAndGet();
        long start = clock.incrementAndGet();
        puts.put(start, new Put(start));
        return new Operation(start, start, deadBefore.get(), goneBefore.get(), latestPutStart.get());
    }

    /**
     * A put with a token.
     *
     * @param put the put, which began before the token was taken
     * @param token when the token had been taken
     */
    public record Fill(Operation put, long token) {}

    /** Call when the token has been taken, for a put that was {@linkplain #beginPut begun} before. */
    public Fill tokenTaken(Operation put) {
        return new Fill(put, clock.incrementAndGet());
    }

    /** When the latest put or flush that has ended began; ask before the put with the token. */
    public long latestChange() {
        return latestChangeStart.get();
    }

    /**
     * The put with the token was not refused as outdated.
     *
     * @param change what {@link #latestChange} said before it
     */
    public void endFill(Fill fill, long change, boolean stored) {
        if (stored && change > fill.token) {
            throw new AssertionError("filled at " + fill + ", although a put or flush began at " + change);
        }
        endPut(fill.put, stored);
    }

    /** The put with the token was refused as outdated: what was there has stayed. */
    public void endOutdated(Fill fill) {
        Objects.requireNonNull(puts.get(fill.put.version), "a put begun here").refused = true;
        underWay.decrementAndGet();
    }

    /** Call before a get or a flush. */
    public Operation begin() {
        underWay.incrementAndGet();
        return new Operation(0, clock.incrementAndGet(), deadBefore.get(), goneBefore.get(), latestPutStart.get());
    }

    /** The put ended. A refused one removed what was there (L3). */
    public void endPut(Operation operation, boolean stored) {
        long end = clock.incrementAndGet();
        Put put = Objects.requireNonNull(puts.get(operation.version), "a put begun here");
        put.refused = !stored;
        put.end = end;
        latestChangeStart.accumulateAndGet(operation.start, Math::max);
        deadBefore.accumulateAndGet(operation.start, Math::max);
        if (stored) {
            latestPutStart.accumulateAndGet(operation.start, Math::max);
            latestPutEnd.accumulateAndGet(end, Math::max);
        } else {
            goneBefore.accumulateAndGet(operation.start, Math::max);
            latestRemovalEnd.accumulateAndGet(end, Math::max);
        }
        underWay.decrementAndGet();
    }

    /** The flush, of the page or of its object, ended. */
    public void endFlush(Operation operation) {
        latestChangeStart.accumulateAndGet(operation.start, Math::max);
        endRemoval(operation);
    }

    /** The inclusive get delivered {@code version}. */
    public void endHit(Operation operation, long version) {
        saw(operation, version);
        underWay.decrementAndGet();
    }

    /** The exclusive get delivered {@code version} and removed the page. */
    public void endTake(Operation operation, long version) {
        Put put = saw(operation, version);
        if (!put.taken.compareAndSet(false, true)) {
            throw new AssertionError("version " + version + " was taken twice");
        }
        endRemoval(operation);
    }

    /** The get missed, or contains said that there is no page. */
    public void endMiss(Operation operation, PageKind kind) {
        deadBefore.accumulateAndGet(operation.start, Math::max);
        goneBefore.accumulateAndGet(operation.start, Math::max);
        boolean removable = underWay.decrementAndGet() > 0 || latestRemovalEnd.get() > operation.putStart;
        if (kind == PageKind.PERSISTENT && operation.putStart > 0 && !removable) {
            throw new AssertionError("a persistent page was missed at " + operation + "; nothing removed it");
        }
    }

    /** Contains said that there is a page. */
    public void endPresent(Operation operation) {
        checkThereIsAPage(operation, "present");
    }

    /** The get said that the page cannot be reached. */
    public void endUnavailable(Operation operation) {
        checkThereIsAPage(operation, "unavailable");
    }

    /** The get said that the page is lost: no version put before can be delivered any more, nor missed. */
    public void endLost(Operation operation) {
        deadBefore.accumulateAndGet(operation.start, Math::max);
        checkThereIsAPage(operation, "lost");
    }

    private void checkThereIsAPage(Operation operation, String word) {
        boolean alone = underWay.decrementAndGet() == 0;
        if (alone && latestPutEnd.get() < operation.goneBefore) {
            throw new AssertionError("a page was " + word + " at " + operation + "; there is none");
        }
    }

    private void endRemoval(Operation operation) {
        deadBefore.accumulateAndGet(operation.start, Math::max);
        goneBefore.accumulateAndGet(operation.start, Math::max);
        latestRemovalEnd.accumulateAndGet(clock.incrementAndGet(), Math::max);
        underWay.decrementAndGet();
    }

    private Put saw(Operation operation, long version) {
        Put put = puts.get(version);
        if (put == null) {
            throw new AssertionError("version " + version + " was delivered before its put began");
        }
        if (put.refused || put.end < operation.deadBefore) {
            throw new AssertionError("version " + version + ", put until " + put.end + ", came back at " + operation);
        }
        deadBefore.accumulateAndGet(put.start, Math::max);
        return put;
    }
}
