package io.github.tmem.bench.measure;

import io.github.tmem.bench.timing.Rounds;
import io.github.tmem.bench.work.PageSet;
import java.util.List;

/**
 * How much is measured.
 *
 * @param sets the page sets, measured in turn
 * @param keys the keys of every comparison, all of which have a page; a multiple of the operations of a round
 * @param rounds the rounds of every comparison
 * @param manyKeys the pages of the large store that is compared with one of as many pages as there are keys; 0: none
 * @param manyPageSize the size of those pages in bytes
 * @param metadataPages the pages of the full store whose metadata is counted
 * @param pausePuts the puts of a round at a full chain
 * @param hits what hit ratios are measured on
 * @param remote how much is measured over the wire
 */
public record Plan(
        List<PageSet> sets,
        int keys,
        Rounds rounds,
        int manyKeys,
        int manyPageSize,
        int metadataPages,
        int pausePuts,
        Hits hits,
        RemotePlan remote) {

    /** The extent of the hit ratios. */
    public enum Hits {
        /** None. */
        NONE,
        /** One trace. */
        ONE_TRACE,
        /** All of the large ones. */
        ALL_TRACES
    }

    private static final int KEYS = 65_536;
    private static final int MANY = 4 << 20;
    private static final int MI = 1 << 20;

    public Plan {
        sets = List.copyOf(sets);
    }

    /** About four minutes: a round visits half of the keys, the next one the others. */
    public static Plan quick() {
        return new Plan(
                PageSet.samples(Integer.MAX_VALUE),
                KEYS,
                new Rounds(KEYS / 2, 2, 2048, 2, 7),
                MANY,
                512,
                MI,
                40_000,
                Hits.ONE_TRACE,
                RemotePlan.quick());
    }

    /** More rounds, and pages of the usual size in the large store. */
    public static Plan full() {
        return new Plan(
                PageSet.samples(Integer.MAX_VALUE),
                KEYS,
                new Rounds(KEYS, 4, 2048, 3, 21),
                MANY,
                PageSet.PAGE_SIZE,
                MI,
                100_000,
                Hits.ALL_TRACES,
                RemotePlan.full());
    }

    /** Just enough to run through everything once. */
    public static Plan tiny() {
        return new Plan(
                PageSet.samples(64),
                1024,
                new Rounds(512, 2, 64, 0, 3),
                4096,
                512,
                4096,
                2000,
                Hits.NONE,
                RemotePlan.tiny());
    }

    /** The rounds with their warm-ups. */
    int allRounds() {
        return rounds.warmups() + rounds.rounds();
    }
}
