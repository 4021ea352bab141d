package io.github.tmem.node.demo;

import io.github.tmem.api.Refusal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run, as the table shows them and as JSON. Sizes are in bytes, shares go from 0 to 1.
 *
 * @param source where the pages came from
 * @param sourceBytes the bytes of the pages
 * @param threads the threads that worked
 * @param seconds the time from the first put to the last get
 * @param phases the parts of the run
 * @param changes the changes of the tiers while the threads worked, in order
 * @param tiers the tiers in the order pages travel
 * @param pools the two pools
 * @param verdict what the checks found
 */
public record DemoReport(
        String source,
        long sourceBytes,
        int threads,
        double seconds,
        List<PhaseTime> phases,
        List<ChangeFigures> changes,
        List<TierFigures> tiers,
        List<PoolFigures> pools,
        Verdict verdict) {

    /**
     * One change of the tiers.
     *
     * @param change what was asked for
     * @param outcome {@code done}, or why not
     * @param moved pages that went to another place
     * @param dropped ephemeral pages that found none
     * @param left pages that stayed in the way
     */
    public record ChangeFigures(String change, String outcome, double seconds, long moved, long dropped, long left) {}

    /** How long one phase took. */
    public record PhaseTime(String phase, double seconds) {}

    /**
     * One tier. What it holds is from before the last phase, the counts are of the whole run.
     *
     * @param density page bytes held for each byte used
     * @param demoted pages moved down from here
     * @param promoted pages moved up from here
     */
    public record TierFigures(
            String chain,
            String tier,
            String codec,
            long pages,
            long usedBytes,
            long capacityBytes,
            double fill,
            double density,
            long hits,
            long full,
            long evicted,
            long demoted,
            long promoted) {}

    /**
     * One pool. What it holds is from before the last phase, the counts are of the whole run.
     *
     * @param held the share of its keys that had a page
     * @param gets gets of pages that had been stored and not yet ended by their owner
     * @param hitRatio the share of those that hit; 1 for a persistent pool that lost none
     * @param put of every put
     * @param get of every get that hit
     * @param refused puts refused, by reason
     */
    public record PoolFigures(
            String pool,
            String kind,
            String getMode,
            int pageSize,
            long pages,
            double held,
            long gets,
            double hitRatio,
            Latency put,
            Latency get,
            Map<Refusal, Long> refused,
            long evicted) {}

    /** Latencies in microseconds. */
    public record Latency(long count, double p50Micros, double p99Micros) {}

    /**
     * The persistent pages that did not come although they should, in a chain with a tier that may lose some.
     *
     * @param lost the pages reported lost
     * @param lostGets the gets that reported one of them
     * @param unavailable the pages that were out of reach when they were last asked for
     * @param unavailableGets the gets that could not reach a page
     */
    public record Losses(long lost, long lostGets, long unavailable, long unavailableGets) {}

    /**
     * What the checks found.
     *
     * @param pagesRead the pages delivered, each compared with its source byte by byte
     * @param bytesRead the bytes of those pages
     * @param rightMisses the gets of flushed, taken, refused or vanished pages, which have to miss
     * @param losses what a tier lost that may; null where no tier may
     * @param wrong the broken laws
     * @param findings the first few of them in words
     */
    public record Verdict(
            long pagesRead,
            long bytesRead,
            long rightMisses,
            @Nullable Losses losses,
            long wrong,
            List<String> findings) {
        /** Whether every law held. */
        public boolean clean() {
            return wrong == 0;
        }
    }
}
