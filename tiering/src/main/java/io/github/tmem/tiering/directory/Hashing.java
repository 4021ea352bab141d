package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;

/** Hashes of keys, from a seed that differs from store to store. The finalizer is that of MurmurHash3 (public domain). */
final class Hashing {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int RUN_BITS = 6;

    private Hashing() {}

    static long mix(long bits) {
        long h = bits;
        h ^= h >>> 33;
        h *= 0xFF51AFD7ED558CCDL;
        h ^= h >>> 33;
        h *= 0xC4CEB9FE1A85EC53L;
        return h ^ h >>> 33;
    }

    static long object(long seed, ObjectId id) {
        long h = mix(seed ^ id.low());
        h = mix(h + GOLDEN ^ id.middle());
        return mix(h + GOLDEN ^ id.high());
    }

    /** The hash of one page. */
    static long page(long objectHash, long index) {
        return mix(objectHash + index * GOLDEN);
    }

    /** The hash that 64 consecutive indexes share, so that they share a shard. */
    static long run(long objectHash, long index) {
        return mix(objectHash ^ (index >> RUN_BITS) * GOLDEN);
    }
}
