package io.github.tmem.metrics;

import static io.github.tmem.metrics.Measure.counter;
import static io.github.tmem.metrics.Measure.gauge;

import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.metrics.MeterRows.Measures;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured of a pool: what callers asked for and got, and what became of the pages. */
final class PoolMeasures {
    private PoolMeasures() {}

    static Measures<PoolStats> of(Tags common) {
        List<Measure<PoolStats>> list = new ArrayList<>();
        addPuts(list);
        addGets(list);
        addPages(list);
        addEnded(list);
        return new Measures<>(
                pool -> common.and("pool", pool.name(), "kind", pool.kind().word()), List.copyOf(list));
    }

    private static void addPuts(List<Measure<PoolStats>> list) {
        list.add(puts("stored", "none", PoolStats::stored));
        for (Refusal reason : Refusal.values()) {
            list.add(puts("refused", Words.of(reason), pool -> pool.refused().getOrDefault(reason, 0L)));
        }
    }

    private static Measure<PoolStats> puts(String outcome, String reason, ToDoubleFunction<PoolStats> figure) {
        return counter(
                "tmem.puts",
                "puts",
                Tags.of("outcome", outcome, "reason", reason),
                "Puts by what came of them",
                figure);
    }

    private static void addGets(List<Measure<PoolStats>> list) {
        list.add(gets("hit", PoolStats::hits));
        list.add(gets("miss", PoolStats::misses));
        list.add(gets("unavailable", PoolStats::unavailable));
        list.add(gets("lost", PoolStats::lostGets));
    }

    private static Measure<PoolStats> gets(String outcome, ToDoubleFunction<PoolStats> figure) {
        return counter("tmem.gets", "gets", Tags.of("outcome", outcome), "Gets by what came of them", figure);
    }

    private static void addPages(List<Measure<PoolStats>> list) {
        list.add(pages("stored", pool -> pool.pages() - pool.sameFilled() - pool.lostPages()));
        list.add(pages("same-filled", PoolStats::sameFilled));
        list.add(pages("lost", PoolStats::lostPages));
        list.add(gauge("tmem.raw.bytes", "bytes", Tags.empty(), "Pages held, times their size", PoolStats::rawBytes));
        list.add(gauge(
                "tmem.encoded.bytes",
                "bytes",
                Tags.empty(),
                "Encoded bytes of the pages held, over all tiers",
                PoolStats::encodedBytes));
        list.add(gauge(
                "tmem.quota.bytes",
                "bytes",
                Tags.empty(),
                "The most encoded bytes the pool may hold, 0 without a limit",
                PoolStats::quotaBytes));
        list.add(gauge(
                "tmem.weight",
                "weights",
                Tags.empty(),
                "The pool's share of each tier beside others",
                PoolStats::weight));
    }

    private static Measure<PoolStats> pages(String state, ToDoubleFunction<PoolStats> figure) {
        return gauge("tmem.pages", "pages", Tags.of("state", state), "Pages held", figure);
    }

    private static void addEnded(List<Measure<PoolStats>> list) {
        list.add(ended("flushed", PoolStats::flushed));
        list.add(ended("evicted", PoolStats::evicted));
        list.add(ended("taken", PoolStats::taken));
        list.add(ended("replaced", PoolStats::replaced));
        list.add(ended("lost", PoolStats::lost));
        list.add(ended("dropped", PoolStats::dropped));
    }

    private static Measure<PoolStats> ended(String cause, ToDoubleFunction<PoolStats> figure) {
        return counter("tmem.ended.pages", "pages", Tags.of("cause", cause), "Pages no longer held", figure);
    }
}
