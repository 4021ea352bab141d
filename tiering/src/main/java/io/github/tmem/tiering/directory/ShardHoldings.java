package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;

/** What one shard's entries hold of each tier, by kind. Written under the shard's lock; read without, it may lag. */
final class ShardHoldings {
    private final long[] pages = new long[(PageQueues.NO_TIER + 1) * 2];
    private final long[] encodedBytes = new long[pages.length];
    private final long[] rawBytes = new long[pages.length];

    private static int at(int tier, PageKind kind) {
        return tier * 2 + kind.ordinal();
    }

    /** Counts a page that comes ({@code sign} 1) or goes (-1). */
    void count(int meta, PoolLedger pool, int sign) {
        int at = at(EntryDescriptor.tier(meta), pool.kind());
        pages[at] += sign;
        encodedBytes[at] += (long) sign * EntryDescriptor.length(meta);
        rawBytes[at] += (long) sign * pool.rawLength(EntryDescriptor.length(meta));
    }

    /** Counts a page whose encoded length has changed. */
    void grow(int tier, PoolLedger pool, int bytes) {
        int at = at(tier, pool.kind());
        encodedBytes[at] += bytes;
        rawBytes[at] += pool.holdsBlobs() ? bytes : 0;
    }

    boolean has(int tier, PageKind kind) {
        return pages[at(tier, kind)] > 0;
    }

    boolean hasAny(PageKind kind) {
        for (int tier = 0; tier <= PageQueues.NO_TIER; tier++) {
            if (has(tier, kind)) {
                return true;
            }
        }
        return false;
    }

    void addTo(Holdings sum, int tier) {
        for (PageKind kind : PageKind.values()) {
            int at = at(tier, kind);
            sum.add(kind, pages[at], encodedBytes[at], rawBytes[at]);
        }
    }
}
