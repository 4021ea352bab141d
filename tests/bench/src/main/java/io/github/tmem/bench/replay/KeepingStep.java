package io.github.tmem.bench.replay;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.policy.PageCache;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pages of a chain of tiers whose background keeps step: when a put has filled a tier above its high watermark, this waits
 * until it is down to the low one, or rests below the high one: a pass moves what was above the low mark when it began, and
 * pages may have come since. A trace has no times; without waiting its hit ratio would be that of however busy the machine is,
 * and different every time.
 */
final class KeepingStep implements PageCache {
    private static final long PAUSE_NANOS = 20_000;

    /** So many looks in a row at a tier that does not change mean that it rests. */
    private static final int LOOKS_AT_REST = 100;

    private static final long WAIT_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private final PageCache pages;
    private final PageStore store;

    /** Of each tier but the last, in bytes. */
    private final long[] high;

    private final long[] low;

    /** How many more pages the chain can get before one of these tiers may be above its high watermark. */
    private long room;

    /**
     * The pages of a store, in step.
     *
     * @param tiers the store's chain
     */
    KeepingStep(PageCache pages, PageStore store, List<TierConfig> tiers) {
        this.pages = pages;
        this.store = store;
        List<TierConfig> upper = tiers.subList(0, tiers.size() - 1);
        high = upper.stream().mapToLong(tier -> bytes(tier, tier.high())).toArray();
        low = upper.stream().mapToLong(tier -> bytes(tier, tier.low())).toArray();
    }

    private static long bytes(TierConfig tier, double percent) {
        return (long) (tier.capacity().bytes() * (percent / 100));
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
            room = Long.MAX_VALUE;
            for (int tier = 0; tier < high.length; tier++) { // what leaves one comes to the next
                await(tier);
                room = Math.min(room, Math.max(0, high[tier] - used(tier)) / SlotsBackend.SLOT_BYTES);
            }
        }
    }

    private void await(int tier) {
        if (used(tier) <= high[tier]) {
            return;
        }
        long begin = System.nanoTime();
        long before = -1;
        int same = 0;
        for (long now = used(tier); now > low[tier] && (now > high[tier] || same < LOOKS_AT_REST); now = used(tier)) {
            same = now == before ? same + 1 : 0;
            before = now;
            if (System.nanoTime() - begin > WAIT_NANOS_MAX) {
                throw new IllegalStateException("the background moves no pages down");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private long used(int tier) {
        return store.stats().tiers().get(tier).usedBytes();
    }

    @Override
    public void flush(int page) {
        pages.flush(page);
    }
}
