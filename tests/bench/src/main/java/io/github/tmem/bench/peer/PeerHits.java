package io.github.tmem.bench.peer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.tmem.bench.replay.GuestCache;
import io.github.tmem.bench.trace.Trace;

/** The hit ratios of other policies with as many pages, driven by the same accesses. */
public final class PeerHits {
    private PeerHits() {}

    /** W-TinyLFU as Caffeine has it: every access is a get, and after a miss a put. Returns hits by gets, 0 to 1. */
    public static double tinyLfu(Trace trace, int pages) {
        Cache<Integer, Boolean> cache = Caffeine.newBuilder()
                .maximumSize(pages)
                .initialCapacity(pages)
                .executor(Runnable::run)
                .build();
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            Integer page = trace.page(i);
            if (cache.getIfPresent(page) != null) {
                hits++;
            } else {
                cache.put(page, Boolean.TRUE);
            }
        }
        return (double) hits / trace.length();
    }

    /**
     * Exclusive ARC behind a guest's cache: what the guest gives up is a put, what it misses a get when it reads and a flush
     * when it writes. Returns hits by gets, 0 to 1.
     */
    public static double exclusiveArc(Trace trace, int pages, int guestPages) {
        GuestCache guest = new GuestCache(trace.distinctPages(), guestPages);
        ExclusiveArc arc = new ExclusiveArc(pages);
        long gets = 0;
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            int page = trace.page(i);
            if (guest.touch(page)) {
                continue;
            }
            if (trace.isWrite(i)) {
                arc.flush(page);
            } else {
                gets++;
                hits += arc.get(page) ? 1 : 0;
            }
            int victim = guest.admit(page);
            if (victim != GuestCache.NONE) {
                arc.put(victim);
            }
        }
        return gets == 0 ? 0 : (double) hits / gets;
    }
}
