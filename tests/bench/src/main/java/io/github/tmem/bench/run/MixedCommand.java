package io.github.tmem.bench.run;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tmem bench mixed}: everything at once on a full chain, every page checked. */
@Command(
        name = "mixed",
        description =
                "Two threads put, get and flush pages of a full chain of two tiers, each its own mix of everything. Every"
                        + " page that comes back is checked. Shows the percentiles of each operation beside those of bare LZ4 calls"
                        + " in the same threads.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0, 1 a wrong page came back, 2 your mistake. BENCHMARKING.md says how to read it."})
final class MixedCommand implements Callable<Integer> {
    private static final int MINUTES_MAX = 24 * 60;
    private static final Duration USUAL = Duration.ofMinutes(10);
    private static final Duration QUICK = Duration.ofSeconds(20);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private BenchCommand bench;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "how long, 1 to " + MINUTES_MAX + "; without it 10, or 20 seconds with --quick")
    private @Nullable Integer minutes;

    @Override
    public Integer call() {
        return bench.mix(length());
    }

    private Duration length() {
        if (minutes == null) {
            return bench.isQuick() ? QUICK : USUAL;
        }
        if (bench.isQuick()) {
            throw new ParameterException(
                    spec.commandLine(), "--quick has a length of its own: leave it or --minutes out");
        }
        if (minutes < 1 || minutes > MINUTES_MAX) {
            throw new ParameterException(spec.commandLine(), "--minutes " + minutes + ": 1 to " + MINUTES_MAX);
        }
        return Duration.ofMinutes(minutes);
    }
}
