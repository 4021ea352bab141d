package io.github.tmem.bench.run;

import io.github.tmem.bench.report.Budget.Area;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tmem bench remote}: the remote tier and the peer port of a node beside Redis. */
@Command(
        name = "remote",
        description = "Measures the remote tier and the peer port of a node beside Redis, all on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Starts nodes and redis-server as processes, on free ports of the loopback, and ends them. Without"
                    + " redis-server nothing is compared, without redis-benchmark not that; the table says so.",
            "",
            "Exit code: 0 also when a budget is missed, 2 your mistake, 3 a figure is worse than in --compare's file."
                    + " BENCHMARKING.md says how to read it."
        })
final class RemoteCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private BenchCommand bench;

    @Override
    public Integer call() {
        return bench.measure(Area.REMOTE);
    }
}
