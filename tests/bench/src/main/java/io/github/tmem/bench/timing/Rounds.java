package io.github.tmem.bench.timing;

import java.util.List;

/**
 * Times contestants against each other in interleaved rounds.
 *
 * <p>A round gives every contestant the same operations once, cut into slices that take turns; the order of the turns rotates
 * from round to round. Each turn begins with untimed operations that bring the contestant's own data and code back into
 * the caches. A round during which the hypervisor took more than {@value #STEAL_MAX_PERCENT} % of the processors away is
 * repeated, at most {@value #REPEATS_MAX} times.
 *
 * <p>When there are more places to visit than a round has operations, a round goes on where the one before ended, so that
 * nobody finds in the caches what the round before has left there.
 *
 * @param operations the operations of a round
 * @param slices the turns each contestant has in a round
 * @param lead the untimed operations at the start of a turn
 * @param warmups the rounds before the first that counts
 * @param rounds the rounds that count, 1 or above
 */
public record Rounds(int operations, int slices, int lead, int warmups, int rounds) {
    static final double STEAL_MAX_PERCENT = 2;
    static final int REPEATS_MAX = 3;

    public Rounds {
        if (slices < 1 || operations < slices || rounds < 1) {
            throw new IllegalArgumentException(
                    operations + " operations, " + slices + " slices, " + rounds + " rounds");
        }
    }

    /** These rounds with another number of turns, for contestants that are better not interrupted. */
    public Rounds withSlices(int newSlices) {
        return new Rounds(operations, newSlices, lead, warmups, rounds);
    }

    /**
     * Runs all rounds.
     *
     * @param places how many places there are to visit, a multiple of the operations of a round
     * @param roundDone called after each round, warm-ups included
     */
    public Timings time(List<? extends Contestant> contestants, int places, Runnable roundDone) {
        if (places < operations || places % operations != 0) {
            throw new IllegalArgumentException(places + " places for rounds of " + operations);
        }
        double[][] nanos = new double[contestants.size()][rounds];
        int repeated = 0;
        for (int round = -warmups; round < rounds; round++) {
            StealMeter steal = StealMeter.start();
            long[] sums = round(contestants, places, round);
            int tries = 0;
            while (round >= 0 && steal.percent() > STEAL_MAX_PERCENT && tries++ < REPEATS_MAX) {
                repeated++;
                steal = StealMeter.start();
                sums = round(contestants, places, round);
            }
            for (int i = 0; round >= 0 && i < sums.length; i++) {
                nanos[i][round] = (double) sums[i] / operations;
            }
            roundDone.run();
        }
        return new Timings(contestants.stream().map(Contestant::name).toList(), nanos, repeated);
    }

    private long[] round(List<? extends Contestant> contestants, int places, int round) {
        long[] nanos = new long[contestants.size()];
        int first = Math.floorMod(round, nanos.length);
        int begin = Math.floorMod(round, places / operations) * operations;
        for (int slice = 0; slice < slices; slice++) {
            int from = begin + (int) ((long) operations * slice / slices);
            int to = begin + (int) ((long) operations * (slice + 1) / slices);
            for (int i = 0; i < nanos.length; i++) {
                int turn = (first + i) % nanos.length;
                nanos[turn] += turn(contestants.get(turn), from, to, places);
            }
        }
        return nanos;
    }

    private long turn(Contestant contestant, int from, int to, int places) {
        int leadFrom = from >= lead ? from - lead : Math.max(to, places - lead);
        int leadTo = Math.min(places, leadFrom + lead);
        contestant.prepare(from, to);
        contestant.prepare(leadFrom, leadTo);
        contestant.run(leadFrom, leadTo);
        return contestant.time(from, to);
    }
}
