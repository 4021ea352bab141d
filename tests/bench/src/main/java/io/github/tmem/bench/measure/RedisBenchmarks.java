package io.github.tmem.bench.measure;

import io.github.tmem.bench.remote.LocalServer;
import io.github.tmem.bench.remote.LocalServer.Transport;
import io.github.tmem.bench.remote.LocalServers;
import io.github.tmem.bench.remote.Metered;
import io.github.tmem.bench.remote.RedisBenchmark;
import io.github.tmem.bench.remote.RedisBenchmark.Command;
import io.github.tmem.bench.remote.RedisBenchmark.Request;
import io.github.tmem.bench.remote.RedisPrograms;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Rounds;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.timing.Timings;
import java.util.List;

/** What redis-benchmark gets out of a node of ours, and out of Redis: with and without pipelining, two lengths of values. */
public final class RedisBenchmarks implements Measurement {
    private static final List<Integer> LENGTHS = List.of(1536, 4096);
    private static final int PIPELINE = 32;
    private static final String NODE = "node";
    private static final String REDIS = "Redis";

    @Override
    public String name() {
        return "redis-benchmark";
    }

    @Override
    public int steps(Plan plan) {
        int rounds = rounds(plan.remote().unpipelined()) + rounds(plan.remote().pipelined());
        return RedisPrograms.benchmarkObstacle().isPresent() ? 0 : LENGTHS.size() * Command.values().length * rounds;
    }

    private static int rounds(Rounds rounds) {
        return rounds.warmups() + rounds.rounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        RedisPrograms.benchmarkObstacle()
                .ifPresentOrElse(
                        why -> List.of(
                                        Budget.REDIS_BENCHMARK_SET_RATIO,
                                        Budget.REDIS_BENCHMARK_SET_RATIO_P1,
                                        Budget.REDIS_BENCHMARK_GET_RATIO,
                                        Budget.REDIS_BENCHMARK_GET_RATIO_P1)
                                .forEach(budget -> results.missing(budget, why)),
                        () -> race(plan.remote(), results, step));
    }

    private static void race(RemotePlan plan, Results results, Runnable step) {
        try (LocalServers servers = new LocalServers()) {
            LocalServer node = servers.node(Transport.PLAIN);
            LocalServer redis = servers.redis(Transport.PLAIN);
            for (int length : LENGTHS) {
                for (Command command : Command.values()) {
                    // first what needs the most requests: it warms the node up for the rest
                    race(node, redis, new Request(command, PIPELINE, length), plan.pipelined(), results, step);
                    race(node, redis, new Request(command, 1, length), plan.unpipelined(), results, step);
                }
            }
        }
    }

    private static void race(
            LocalServer node, LocalServer redis, Request request, Rounds rounds, Results results, Runnable step) {
        List<Metered> contestants = List.of(
                new Metered(new RedisBenchmark(NODE, node, request), node),
                new Metered(new RedisBenchmark(REDIS, redis, request), redis));
        Timings timings = rounds.time(contestants, rounds.operations(), step);
        Spread ratio = timings.ratio(REDIS, NODE);
        boolean set = request.command() == Command.SET;
        String of = request.length() + " B, pipeline " + request.pipeline();
        results.add(set ? Budget.REDIS_BENCHMARK_SET_RATIO : Budget.REDIS_BENCHMARK_GET_RATIO, of, ratio);
        if (request.pipeline() == 1) {
            results.add(set ? Budget.REDIS_BENCHMARK_SET_RATIO_P1 : Budget.REDIS_BENCHMARK_GET_RATIO_P1, of, ratio);
        }
        for (Metered one : contestants) {
            String name = "redis-benchmark, " + one.name() + ": " + request;
            results.detail(name, timings.of(one.name()));
            results.detail(name + ": CPU of the server", Spread.exactly(one.nanosThere(rounds.rounds())));
        }
        results.countRepeated(timings.repeated());
    }
}
