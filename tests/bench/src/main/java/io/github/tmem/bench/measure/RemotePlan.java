package io.github.tmem.bench.measure;

import io.github.tmem.bench.timing.Rounds;

/**
 * How much is measured over the wire.
 *
 * @param keys the pages that are fetched, and as many that are stored; a multiple of the operations of a round
 * @param oneAtATime the rounds of calls that wait
 * @param inFlight the rounds of calls that do not
 * @param window how many of those are under way at a time
 * @param unpipelined the rounds of redis-benchmark without pipelining, one turn each and without a lead
 * @param pipelined those with it
 */
public record RemotePlan(
        int keys, Rounds oneAtATime, Rounds inFlight, int window, Rounds unpipelined, Rounds pipelined) {
    private static final int KEYS = 16_384;
    private static final int WINDOW = 256;

    /** About two minutes. */
    static RemotePlan quick() {
        return new RemotePlan(
                KEYS,
                new Rounds(2048, 1, 128, 2, 7),
                new Rounds(KEYS, 2, 1024, 3, 7),
                WINDOW,
                benchmark(20_000, 1, 5),
                benchmark(100_000, 1, 5));
    }

    /** About six minutes. */
    static RemotePlan full() {
        return new RemotePlan(
                KEYS,
                new Rounds(4096, 1, 256, 3, 15),
                new Rounds(KEYS, 2, 1024, 5, 21),
                WINDOW,
                benchmark(50_000, 2, 9),
                benchmark(200_000, 2, 9));
    }

    /** Just enough to run through everything once. */
    static RemotePlan tiny() {
        return new RemotePlan(
                256,
                new Rounds(64, 1, 16, 0, 1),
                new Rounds(256, 2, 32, 0, 1),
                WINDOW,
                benchmark(200, 0, 1),
                benchmark(1600, 0, 1));
    }

    private static Rounds benchmark(int requests, int warmups, int rounds) {
        return new Rounds(requests, 1, 0, warmups, rounds);
    }
}
