package io.github.tmem.bench.replay;

/**
 * What the gets of a run came to.
 *
 * @param gets the gets made
 * @param hits those that hit
 */
public record Hits(long gets, long hits) {
    /** Hits by gets, 0 to 1; 0 without gets. */
    public double ratio() {
        return gets == 0 ? 0 : (double) hits / gets;
    }
}
