package io.github.tmem.bench.replay;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.policy.PageCache;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pages of a chain of tiers whose background keeps step: when a put has filled the first tier above its high watermark,
 * this waits until it is down to the low one. A trace has no times; without waiting its hit ratio would be that of however
 * busy the machine is, and different every time.
 */
final class KeepingStep implements PageCache {
    private static final long PAUSE_NANOS = 20_000;
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
        while (used() > low) {
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
