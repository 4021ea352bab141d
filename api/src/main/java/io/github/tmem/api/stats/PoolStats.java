package io.github.tmem.api.stats;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import java.util.Map;

/**
 * What one pool holds and has done since it was opened. At rest {@code stored = pages + flushed + evicted + taken +
 * replaced + lost + dropped}.
 *
 * @param name the pool's name
 * @param kind the kind of its pages; {@link PageKind#EPHEMERAL} of a {@linkplain io.github.tmem.api.BlobPool pool of values},
 *     although it may have values of both kinds, which are counted together
 * @param pageSize the size of its pages in bytes; {@link #ANY_LENGTH} of a pool of values
 * @param pages pages held now, those known to be lost included
 * @param sameFilled those of them that one repeated 64-bit word fills, or values without a byte: they take no room in a tier
 * @param lostPages those of them whose copy was found gone or damaged: a get of them says lost
 * @param stored puts accepted; {@code puts = stored + refused}, a put that threw an exception being in neither
 * @param refused puts refused, by reason; a reason that never occurred is absent
 * @param hits gets that delivered a page
 * @param misses gets that found none
 * @param unavailable gets that could not reach the page
 * @param flushed pages ended by flush of the page, of its object or of the pool
 * @param evicted ephemeral pages dropped to make room
 * @param taken pages ended by an exclusive get
 * @param replaced pages ended by a later put of the same key, stored or refused
 * @param lost persistent pages found gone or damaged that have left the directory since
 * @param dropped ephemeral pages given up because their copy was damaged or out of reach
 * @param lostGets gets that found a page lost; {@code gets = hits + misses + unavailable + lostGets}
 * @param encodedBytes the encoded bytes of the pool's copies, over all tiers
 * @param quotaBytes the most they may be; 0 if there is no limit. A reading is never above it
 * @param weight how large a share of each tier the pool is entitled to beside others, 1 to 10,000
 */
public record PoolStats(
        String name,
        PageKind kind,
        int pageSize,
        long pages,
        long sameFilled,
        long lostPages,
        long stored,
        Map<Refusal, Long> refused,
        long hits,
        long misses,
        long unavailable,
        long flushed,
        long evicted,
        long taken,
        long replaced,
        long lost,
        long dropped,
        long lostGets,
        long encodedBytes,
        long quotaBytes,
        int weight) {

    /** In the place of a page size: the pool has values, each of which has its own length. */
    public static final int ANY_LENGTH = 0;

    public PoolStats {
        refused = Map.copyOf(refused);
    }

    /** Refused puts of all reasons. */
    public long refusedTotal() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The bytes of the pages held now: pages times page size; of values, those of their copies. */
    public long rawBytes() {
        return pageSize == ANY_LENGTH ? encodedBytes : pages * pageSize;
    }

    /** Hits as a share of hits and misses, 0 to 1; 0 before the first get. */
    public double hitRatio() {
        return hits + misses == 0 ? 0 : (double) hits / (hits + misses);
    }
}
