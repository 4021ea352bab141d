package io.github.tmem.node.demo;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.TierChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The changes that a live demo makes to the tiers of a chain, one after the other. */
final class TierScript {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Evacuated NOTHING_MOVED = new Evacuated(Evacuated.End.COMPLETE, 0, 0, 0);

    private final TierChain chain;
    private final List<Step> steps = new ArrayList<>();

    private TierScript(TierChain chain) {
        this.chain = chain;
    }

    /** One change. */
    @FunctionalInterface
    private interface Change {
        Evacuated make();
    }

    /** A change and its words. */
    record Step(String words, Change change) {
        /** Makes the change; one that the chain refuses says why. */
        DemoReport.ChangeFigures make() {
            long start = System.nanoTime();
            try {
                Evacuated moved = change.make();
                String end = moved.end().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                return figures(start, moved, moved.isComplete() ? "done" : end);
            } catch (ConfigException refused) {
                return figures(start, NOTHING_MOVED, String.valueOf(refused.getMessage()));
            }
        }

        private DemoReport.ChangeFigures figures(long start, Evacuated moved, String outcome) {
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            return new DemoReport.ChangeFigures(words, outcome, seconds, moved.moved(), moved.dropped(), moved.left());
        }
    }

    /** How many steps every script has. */
    static int length() {
        return 11;
    }

    /**
     * A script that uses every sort of change.
     *
     * @param late the tier that comes and goes
     * @param firstBytes the capacity of the first tier
     */
    static List<Step> of(TierChain chain, TierConfig late, long firstBytes) {
        TierScript script = new TierScript(chain);
        script.write(late, firstBytes);
        assert script.steps.size() == length() : script.steps.size();
        return script.steps;
    }

    private void write(TierConfig late, long firstBytes) {
        String first = chain.tiers().getFirst();
        String last = chain.tiers().getLast();
        int end = chain.tiers().size();
        add("attach " + late.type() + " " + late.capacity(), () -> chain.attach(late, end));
        addMove("grow " + first + " by half", () -> chain.resize(first, Size.ofBytes(firstBytes * 3 / 2)));
        addMove("drain " + last, () -> chain.drain(last));
        add("thaw " + last, () -> chain.thaw(last));
        add("exchange " + last + " and the tier behind it", () -> {
            List<String> order = new ArrayList<>(chain.tiers());
            order.add(order.indexOf(last), order.removeLast());
            chain.reorder(order);
        });
        add("codec none for " + first, () -> chain.codec(first, "none"));
        add("codec lz4 for " + first, () -> chain.codec(first, TierConfig.DEFAULT_CODEC));
        addMove("shrink " + first + " to a third", () -> chain.resize(first, Size.ofBytes(firstBytes / 2)));
        add("freeze " + first, () -> chain.freeze(first));
        add("thaw " + first, () -> chain.thaw(first));
        addMove("detach the late tier", () -> chain.detach(lateTier(last)));
    }

    /** The late tier stands before the one that was the last. */
    private String lateTier(String last) {
        return chain.tiers().get(Math.max(0, chain.tiers().indexOf(last) - 1));
    }

    private void add(String words, Runnable change) {
        steps.add(new Step(words, () -> {
            change.run();
            return NOTHING_MOVED;
        }));
    }

    private void addMove(String words, Change change) {
        steps.add(new Step(words, change));
    }
}
