package io.github.tmem.bench.replay;

/**
 * What a run came to.
 *
 * @param gets the gets made
 * @param hits those that hit
 * @param refused the puts the store refused
 * @param nanos how long it took
 */
record ReplayResult(long gets, long hits, long refused, long nanos) {
    /** Hits by gets, 0 to 1; 0 without gets. */
    double hitRatio() {
        return gets == 0 ? 0 : (double) hits / gets;
    }
}
