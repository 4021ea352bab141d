package io.github.tmem.bench.run;

import io.github.tmem.bench.measure.Plan;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.ZramDevice;
import io.github.tmem.bench.remote.RedisPrograms;
import io.github.tmem.bench.report.Budget.Area;
import io.github.tmem.bench.report.Figure;
import io.github.tmem.bench.report.PhaseLines;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.report.ResultsText;
import io.github.tmem.bench.timing.StealMeter;
import io.github.tmem.bench.work.PageSet;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.JsonFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.TerminalBar;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tmem bench}: every budget against its peer; those over the wire by a command below it. */
@Command(
        name = "bench",
        description = "Measures every budget side by side with its peer, and shows the medians and how they spread.",
        subcommands = RemoteCommand.class,
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 also when a budget is missed, 2 your mistake. BENCHMARKING.md says how to read it."
        })
public final class BenchCommand implements Callable<Integer> {
    /** The stores introduce their tiers in the log, of which there are many. Held, or the level would be forgotten. */
    private static final Logger STORE_LOG = Logger.getLogger("io.github.tmem");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description = "fewer rounds and smaller pages in the largest store: about three minutes; remote: two")
    private boolean quick;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "writes the figures to this file too")
    private @Nullable Path json;

    @Override
    public Integer call() {
        return measure(Area.STORES);
    }

    /** Measures what belongs to an area, and reports. */
    int measure(Area area) {
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        STORE_LOG.setLevel(Level.WARNING);
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // Chronicle Map's log is not wanted
        Plan plan = quick ? Plan.quick() : Plan.full();
        PrintWriter out = spec.commandLine().getOut();
        out.println(machine(area == Area.STORES ? localPeers() : RedisPrograms.describe()));
        out.println(extent(area, plan) + "; pages of "
                + plan.sets().stream().map(PageSet::name).collect(Collectors.joining(", ")));
        out.flush();
        StealMeter steal = StealMeter.start();
        Results results = new Suite(area, plan).run(this::progress);
        results.remark("steal during the run: " + Figure.number(steal.percent()) + " %");
        ResultsText.lines(results).forEach(out::println);
        out.flush();
        if (json != null) {
            JsonFile.write(results.toJson(), json);
        }
        return ExitCode.OK;
    }

    private static String machine(String peers) {
        return Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", "
                + BareLz4.implementation() + ", " + peers + ", steal "
                + Figure.number(StealMeter.sinceBoot().percent()) + " % since boot";
    }

    private static String localPeers() {
        return ZramDevice.obstacle().map(why -> "no zram (" + why + ")").orElse("zram");
    }

    private static String extent(Area area, Plan plan) {
        return area == Area.STORES
                ? plan.keys() + " random keys, " + plan.rounds().rounds() + " rounds"
                : plan.remote().keys() + " pages, one at a time and "
                        + plan.remote().window() + " in flight";
    }

    private Progress progress(long steps) {
        return TerminalBar.isUseful()
                ? TerminalBar.ofRounds(System.err, "tmem bench", steps)
                : new PhaseLines("tmem bench", spec.commandLine().getErr());
    }
}
