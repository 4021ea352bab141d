package io.github.tmem.metrics;

import static io.github.tmem.metrics.Measure.counter;
import static io.github.tmem.metrics.Measure.gauge;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.metrics.MeterRows.Measures;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured of a tier: what it holds, what came to it and left it, and what went wrong. */
final class TierMeasures {
    private static final String PAGES = "pages";

    private TierMeasures() {}

    static Measures<TierStats> of(Tags common) {
        List<Measure<TierStats>> list = new ArrayList<>();
        addHoldings(list);
        addTraffic(list);
        addMoves(list);
        addLosses(list);
        return new Measures<>(tier -> common.and("chain", tier.chain(), "tier", tier.tier()), List.copyOf(list));
    }

    private static void addHoldings(List<Measure<TierStats>> list) {
        list.add(pages(PageKind.EPHEMERAL, TierStats::ephemeralPages));
        list.add(pages(PageKind.PERSISTENT, TierStats::persistentPages));
        list.add(bytes("capacity", "Memory the tier may use", TierStats::capacityBytes));
        list.add(bytes("used", "Memory taken from the capacity, waste included", TierStats::usedBytes));
        list.add(bytes("encoded", "Encoded bytes of the copies held", TierStats::encodedBytes));
        list.add(bytes("metadata", "The backend's own books, inside the capacity or not", TierStats::metadataBytes));
        list.add(bytes("raw", "Page bytes the copies held stand for", TierStats::rawBytes));
    }

    private static Measure<TierStats> pages(PageKind kind, ToDoubleFunction<TierStats> figure) {
        return gauge("tmem.tier.pages", PAGES, Tags.of("kind", kind.word()), "Pages whose copy is here", figure);
    }

    private static Measure<TierStats> bytes(String what, String description, ToDoubleFunction<TierStats> figure) {
        return gauge("tmem.tier." + what + ".bytes", "bytes", Tags.empty(), description, figure);
    }

    private static void addTraffic(List<Measure<TierStats>> list) {
        list.add(puts("stored", TierStats::stored));
        list.add(puts("full", TierStats::full));
        list.add(puts("declined", TierStats::declined));
        list.add(puts("unavailable", TierStats::unavailable));
        list.add(puts("frozen", TierStats::frozen));
        list.add(puts("incompressible", TierStats::incompressible));
        list.add(counter("tmem.tier.hits", "hits", Tags.empty(), "Gets answered from here", TierStats::hits));
    }

    private static Measure<TierStats> puts(String outcome, ToDoubleFunction<TierStats> figure) {
        return counter(
                "tmem.tier.puts", "puts", Tags.of("outcome", outcome), "Puts that came here, by last answer", figure);
    }

    private static void addMoves(List<Measure<TierStats>> list) {
        list.add(moves("demoted-in", TierStats::demotedIn));
        list.add(moves("demoted-out", TierStats::demotedOut));
        list.add(moves("promoted-in", TierStats::promotedIn));
        list.add(moves("promoted-out", TierStats::promotedOut));
        list.add(moves("relocated", TierStats::relocated));
        list.add(moves("refused", TierStats::movesRefused));
        list.add(counter(
                "tmem.tier.recoded.pages",
                PAGES,
                Tags.empty(),
                "Pages from other tiers that were given another codec on the way here",
                TierStats::recoded));
    }

    private static Measure<TierStats> moves(String flow, ToDoubleFunction<TierStats> figure) {
        return counter("tmem.tier.moved.pages", PAGES, Tags.of("flow", flow), "Pages moved, and moves refused", figure);
    }

    private static void addLosses(List<Measure<TierStats>> list) {
        list.add(ended("evicted", TierStats::evicted));
        list.add(ended("dropped", TierStats::dropped));
        list.add(ended("lost", TierStats::lost));
        list.add(damaged("corrupt", TierStats::corrupt));
        list.add(damaged("gone", TierStats::gone));
        list.add(counter(
                "tmem.tier.unanswered.calls",
                "calls",
                Tags.empty(),
                "Calls of the backend that were not answered",
                TierStats::unanswered));
        list.add(gauge(
                "tmem.tier.owed.frees",
                "frees",
                Tags.empty(),
                "Dead copies whose memory the backend has not given back yet",
                TierStats::freesOwed));
    }

    private static Measure<TierStats> ended(String cause, ToDoubleFunction<TierStats> figure) {
        return counter("tmem.tier.ended.pages", PAGES, Tags.of("cause", cause), "Pages that ended here", figure);
    }

    private static Measure<TierStats> damaged(String cause, ToDoubleFunction<TierStats> figure) {
        return counter(
                "tmem.tier.damaged.copies",
                "copies",
                Tags.of("cause", cause),
                "Copies found damaged or missing",
                figure);
    }
}
