package io.github.tmem.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.measure.Plan;
import io.github.tmem.bench.remote.RedisPrograms;
import io.github.tmem.bench.report.Budget.Area;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.report.ResultsText;
import io.github.tmem.kit.SkippedTestsFail;
import io.github.tmem.node.console.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything that is measured over the wire, on so few pages that the figures mean nothing. */
@Tag("long")
@ExtendWith(SkippedTestsFail.class)
class RemoteSuiteTest {
    private static final List<String> KEYS = List.of(
            "remote_vs_redis_sync",
            "remote_vs_redis_pipelined",
            "remote_tls_vs_redis_sync",
            "remote_tls_vs_redis_pipelined",
            "redis_benchmark_set_ratio",
            "redis_benchmark_set_ratio_p1",
            "redis_benchmark_get_ratio",
            "redis_benchmark_get_ratio_p1");

    private static final List<String> WITH_TLS = List.of("remote_tls_vs_redis_sync", "remote_tls_vs_redis_pipelined");

    @Test
    void measuresEverythingAndEndsItsServers() {
        Assumptions.assumeTrue(RedisPrograms.benchmarkObstacle().isEmpty(), "needs redis-server and redis-benchmark");
        AtomicLong announced = new AtomicLong();
        AtomicLong steps = new AtomicLong();
        Results results = new Suite(Area.REMOTE, Plan.tiny()).run(all -> {
            announced.set(all);
            return new Counting(steps);
        });

        Map<String, @Nullable Double> json = results.toJson();
        assertThat(json.keySet()).containsExactlyElementsOf(KEYS);
        List<String> lines = ResultsText.lines(results);
        boolean tls = lines.stream().noneMatch(line -> line.contains("no redis-server over TLS"));
        assertThat(json).allSatisfy((key, value) -> {
            if (tls || !WITH_TLS.contains(key)) {
                assertThat(value).as(key).isNotNull().isPositive().isFinite();
            }
        });
        assertThat(lines).anyMatch(line -> line.contains("remote tier put, 256 in flight: CPU of the server"));
        if (tls) {
            assertThat(steps).hasValue(announced.get());
        }
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private record Counting(AtomicLong steps) implements Progress {
        @Override
        public void phase(String name) {
            assertThat(name).isNotBlank();
        }

        @Override
        public void advance(long more) {
            steps.addAndGet(more);
        }

        @Override
        public void close() {}
    }
}
