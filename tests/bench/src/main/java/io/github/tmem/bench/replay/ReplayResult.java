package io.github.tmem.bench.replay;

/**
 * What a run through a store came to.
 *
 * @param hits the gets, and those that hit
 * @param refused the puts the store refused
 * @param nanos how long it took
 */
record ReplayResult(Hits hits, long refused, long nanos) {}
