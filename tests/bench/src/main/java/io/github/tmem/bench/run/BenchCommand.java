package io.github.tmem.bench.run;

import io.github.tmem.bench.measure.Plan;
import io.github.tmem.bench.mixed.MixedPlan;
import io.github.tmem.bench.mixed.MixedResults;
import io.github.tmem.bench.mixed.MixedRun;
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
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tmem bench}: every budget against its peer; those over the wire, and the mixed run, by commands below it. */
@Command(
        name = "bench",
        description = "Measures every budget side by side with its peer, and shows the medians and how they spread.",
        subcommands = {RemoteCommand.class, MixedCommand.class},
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 also when a budget is missed, 2 your mistake, 3 a figure is worse than in --compare's file."
                    + " BENCHMARKING.md says how to read it."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final long MIB = 1 << 20;

    /** The stores introduce their tiers in the log, of which there are many. Held, or the level would be forgotten. */
    private static final Logger STORE_LOG = Logger.getLogger("io.github.tmem");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description =
                    "fewer rounds and smaller pages in the largest store: about four minutes; remote: two; mixed: 20 s")
    private boolean quick;

    @Mixin
    private final Outlets outlets = new Outlets();

    @Override
    public Integer call() {
        return measure(Area.STORES);
    }

    boolean isQuick() {
        return quick;
    }

    /** Measures what belongs to an area, or takes the figures of a file, and reports. */
    int measure(Area area) {
        PrintWriter out = spec.commandLine().getOut();
        Path source = outlets.source().orElse(null);
        if (source != null) {
            if (quick) {
                throw new UserMistakeException("--quick is for measuring, and with --from nothing is measured");
            }
            return outlets.showFile(source, out);
        }
        String extent = quick ? "quick" : "full";
        outlets.check(area, extent);
        prepare();
        Plan plan = quick ? Plan.quick() : Plan.full();
        out.println(machine(area == Area.STORES ? localPeers() : RedisPrograms.describe()));
        out.println(extent(area, plan) + "; pages of "
                + plan.sets().stream().map(PageSet::name).collect(Collectors.joining(", ")));
        out.flush();
        StealMeter steal = StealMeter.start();
        Results results = new Suite(area, plan).run(this::progress);
        results.remark("steal during the run: " + Figure.number(steal.percent()) + " %");
        ResultsText.lines(results).forEach(out::println);
        return outlets.showMeasured(results, extent, out);
    }

    /** Runs a bit of everything for so long, and reports. */
    int mix(Duration length) {
        outlets.checkForJsonOnly();
        prepare();
        MixedPlan plan = MixedPlan.of(length, PageSet.preferred("db", PageSet.samples(Integer.MAX_VALUE)));
        PrintWriter out = spec.commandLine().getOut();
        out.println(machine("2 threads"));
        out.println("heap > offheap, " + plan.tierBytes() / MIB + " MiB each; pages of "
                + plan.set().name());
        out.flush();
        MixedResults results =
                MixedRun.run(plan, new RateLines(spec.commandLine().getErr()));
        results.lines().forEach(out::println);
        out.flush();
        outlets.write(results.toJson());
        return results.exitCode();
    }

    private static void prepare() {
        STORE_LOG.setLevel(Level.WARNING);
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // Chronicle Map's log is not wanted
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
