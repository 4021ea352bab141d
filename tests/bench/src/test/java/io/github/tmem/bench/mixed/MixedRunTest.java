package io.github.tmem.bench.mixed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.mixed.LyingPool.Lie;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.node.console.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A second of everything, on a real chain and on pools that lie. */
class MixedRunTest {
    private static final long TIER_BYTES = 1 << 20;

    private static MixedPlan plan(int millis) {
        PageSet set = PageSet.samples(256).getFirst();
        return new MixedPlan(Duration.ofMillis(millis), Duration.ofMillis(200), TIER_BYTES, set);
    }

    @Test
    @SuppressWarnings("unchecked") // the JSON of an operation
    void aSecondOnARealChain() {
        AtomicInteger ticks = new AtomicInteger();
        MixedResults results = MixedRun.run(plan(1000), (moment, rate) -> ticks.incrementAndGet());
        assertThat(results.wrong().lines()).isEmpty();
        assertThat(results.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(results.evicted()).as("the chain is full").isPositive();
        assertThat(ticks.get()).isPositive().isEqualTo(results.rates().size());
        assertThat(results.lines())
                .anyMatch(line -> line.startsWith("put over a page"))
                .anyMatch(line -> line.startsWith("garbage collections: "))
                .contains("wrong pages: 0");

        Map<String, Object> json = results.toJson();
        assertThat(json.keySet())
                .containsExactly(
                        "wrong_pages",
                        "seconds",
                        "steps",
                        "steps_per_second",
                        "rates_per_second",
                        "evicted",
                        "garbage_collections",
                        "garbage_collection_ms",
                        "steal_percent",
                        "get_hit",
                        "get_miss",
                        "put_new",
                        "put_over",
                        "flush",
                        "flush_object",
                        "lz4_compress",
                        "lz4_decompress");
        for (String key :
                List.of("get_hit", "get_miss", "put_new", "put_over", "flush", "lz4_compress", "lz4_decompress")) {
            Map<String, Long> one = (Map<String, Long>) requireNonNull(json.get(key));
            assertThat(one.keySet()).containsExactly("count", "p50_ns", "p99_ns", "p99_9_ns", "p99_99_ns", "max_ns");
            assertThat(one.values())
                    .as(key)
                    .allSatisfy(value -> assertThat(value).isPositive());
            assertThat(one.get("max_ns")).isGreaterThanOrEqualTo(one.get("p50_ns"));
        }
    }

    private static MixedResults run(Lie lie, int millis) {
        TierConfig only = TierConfig.of("heap", Size.ofBytes(TIER_BYTES));
        try (BenchStore store = BenchStore.open(PageSet.PAGE_SIZE, TIER_BYTES, only)) {
            EphemeralPool liar = LyingPool.of(store.pool(), lie);
            return new MixedRun(liar, plan(millis), (moment, rate) -> {}).run();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Lie.class,
            names = {"NOTHING", "IGNORES_OBJECT_FLUSHES", "FAILS"},
            mode = EnumSource.Mode.EXCLUDE)
    void aPoolThatLiesIsFoundOut(Lie lie) {
        MixedResults results = run(lie, 20);
        assertThat(results.wrong().count()).isPositive();
        assertThat(results.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(results.lines()).contains("wrong pages: " + results.wrong().count());
        assertThat(results.wrong().lines()).hasSizeBetween(1, 10);
    }

    @Test
    void aPoolThatDoesNotLieIsNotBlamed() {
        assertThat(run(Lie.NOTHING, 20).wrong().lines()).isEmpty();
    }

    /** Flushes of objects are too rare to be waited for. */
    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "IGNORES_OBJECT_FLUSHES"})
    void aFlushOfAnObjectEndsItsPagesAndNoOthers(Lie lie) {
        TierConfig only = TierConfig.of("heap", Size.ofBytes(TIER_BYTES));
        Ground ground = new Ground(4 * Keys.OBJECTS, PageSet.samples(256).getFirst());
        try (BenchStore store = BenchStore.open(PageSet.PAGE_SIZE, TIER_BYTES, only);
                Worker worker = new Worker(LyingPool.of(store.pool(), lie), ground, 0)) {
            int slot = 0;
            int sameObject = Keys.OBJECTS;
            int otherObject = Ground.WORKERS;
            IntStream.of(slot, sameObject, otherObject).forEach(worker::putNew);
            worker.flushObject(slot);
            IntStream.of(slot, sameObject, otherObject).forEach(worker::get);
            boolean honest = lie == Lie.NOTHING;
            assertThat(worker.latencies().of(Operation.GET_HIT).getTotalCount()).isEqualTo(honest ? 1 : 3);
            assertThat(ground.wrong().count()).isEqualTo(honest ? 0 : 2);
        }
    }

    @Test
    @Timeout(60)
    void aWorkerThatFailsEndsTheRun() {
        assertThatThrownBy(() -> run(Lie.FAILS, 600_000))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("as planned");
    }
}
