package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.PoolLedger;

/** What a get does with the page that it delivers. */
enum Reading {
    /** The page stays. */
    KEEP,
    /** The page is removed. */
    TAKE,
    /** The page stays, and nothing notes that somebody looked at it. */
    PEEK;

    /** What callers' gets do in a pool. */
    static Reading of(PoolLedger pool) {
        return pool.isExclusive() ? TAKE : KEEP;
    }
}
