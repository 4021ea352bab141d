package io.github.tmem.bench.replay;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.policy.PageCache;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pages of a chain of tiers whose background keeps step: when a put has filled the first tier above its high watermark,
 * this waits until it is down to the low one, or rests below the high one: a pass moves what was above the low mark when it
 * began, and pages may have come since. A trace has no times; without waiting its hit ratio would be that of however busy
 * the machine is, and different every time.
 */
final class KeepingStep implements PageCache {
    private static final long PAUSE_NANOS = 20_000;

    /** So many looks in a row at a tier that does not change mean that it rests. */
    private static final int LOOKS_AT_REST = 100;

    private static final long WAIT_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private final PageCache pages;
    private final PageStore store;
    private final long high;
    private final long low;

    /** How many more pages the first tier can get before it may be above its high watermark. */
    private long room;

    /**
     * The pages of a store, in step.
     *
     * @param first the first tier of the store's chain
     */
    KeepingStep(PageCache pages, PageStore store, TierConfig first) {
        this.pages = pages;
        this.store = store;
        long capacity = first.capacity().bytes();
        high = (long) (capacity * first.high() / 100);
        low = (long) (capacity * first.low() / 100);
    }

    @Override
    public boolean get(int page) {
        boolean hit = pages.get(page);
        room -= hit ? 1 : 0; // it may have been promoted
        return hit;
    }

    @Override
    public void put(int page) {
        pages.put(page);
        room--;
        if (room < 0) {
            if (used() > high) {
                await();
            }
            room = Math.max(0, high - used()) / SlotsBackend.SLOT_BYTES;
        }
    }

    private void await() {
        long begin = System.nanoTime();
        long before = -1;
        int same = 0;
        for (long now = used(); now > low && (now > high || same < LOOKS_AT_REST); now = used()) {
            same = now == before ? same + 1 : 0;
            before = now;
            if (System.nanoTime() - begin > WAIT_NANOS_MAX) {
                throw new IllegalStateException("the background moves no pages down");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private long used() {
        return store.stats().tiers().getFirst().usedBytes();
    }

    @Override
    public void flush(int page) {
        pages.flush(page);
    }
}
